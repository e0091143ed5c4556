"""A limit on open connections, applied before anyone is identified."""

import socket
import weakref
from collections import Counter
from typing import Any

from runner.classroom.limits.failure_limit import place_of


class ConnectionLimit:
    """At most `most` connections, and at most `share` of them from one place: a network, or a shared address."""

    def __init__(self, most: int, share: int) -> None:
        self._most, self._share = most, share
        self._here: Counter[str] = Counter()

    def enter(self, place: str) -> bool:
        """Count a connection in; False if there are too many."""
        if self._here[place] >= self._share or self._here.total() >= self._most:
            return False
        self._here[place] += 1
        return True

    def leave(self, place: str) -> None:
        """Count a connection out."""
        self._here[place] -= 1
        if not self._here[place]:
            del self._here[place]


class LimitedListener(socket.socket):
    """A listening socket on the descriptor `fileno`; connections beyond the limit are closed."""

    def __init__(self, fileno: int, limit: ConnectionLimit) -> None:
        super().__init__(fileno=fileno)
        self._limit = limit

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection.

        Raises:
            ConnectionAbortedError: it was refused; event loops take this for a connection that is already gone.
        """
        connection, address = super().accept()
        place = place_of(str(address[0]))
        if not self._limit.enter(place):
            connection.close()
            raise ConnectionAbortedError
        return _Counted(connection.detach(), self._limit, place), address


class _Counted(socket.socket):
    """A connection that is counted until it is closed or forgotten."""

    def __init__(self, fileno: int, limit: ConnectionLimit, place: str) -> None:
        super().__init__(fileno=fileno)
        self._leave = weakref.finalize(self, limit.leave, place)

    def close(self) -> None:
        super().close()
        self._leave()
