"""A learner's side of a class: it sends their record, and receives notices."""

import os
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from runner.errors import WorkshopError
from runner.record.event import NotesKept
from runner.record.notice import Notice, Welcome
from runner.record.sqlite.store import SqliteStore
from runner.record.wire import (
    LONGEST_LINE,
    LONGEST_NOTICE,
    BadLineError,
    Hello,
    Ping,
    Sent,
    decode_notice,
    encode,
)

PING_SECONDS = 20.0
RETRY_SECONDS = 1.0
"""Seconds between two tries to connect."""
_POLL_SECONDS = 1.0
"""Seconds between two looks at the record for events that other processes wrote."""
_WELCOME_SECONDS = 30.0
_SEND_SECONDS = 60.0
"""Seconds in which the class may take nothing before the connection counts as lost."""
_READ = 65536


class ClassChannel:
    """Sends each event of `learner` recorded from now on to the class at the socket `path`, exactly once.

    `hear` is called with the class's notices, and `connected` with whether the class can be reached, from a thread. It
    reconnects whenever the connection is lost, and continues at the place that the class names.
    """

    def __init__(
        self,
        path: Path,
        store: SqliteStore,
        learner: str,
        *,
        hear: Callable[[Notice], object],
        connected: Callable[[bool], object],
    ) -> None:
        self._path = path
        self._store = store
        self._learner = learner
        self._hear = hear
        self._connected = connected
        self._ending = threading.Event()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._first = store.last()
        """The last place in the record when the class began; earlier events are not sent. None until it can be read."""
        self._thread = threading.Thread(target=self._run, name="class", daemon=True)

    def start(self) -> None:
        """Connect, and stay connected."""
        self._thread.start()

    def wake(self) -> None:
        """Wake the thread: something was recorded."""
        with suppress(BlockingIOError, OSError):
            os.write(self._wake, b".")

    def close(self) -> None:
        """Send the unsent events, for at most a moment, and end."""
        if self._ending.is_set():
            return
        self._ending.set()
        self.wake()
        self._thread.join(2)
        if not self._thread.is_alive():
            os.close(self._wake)
            os.close(self._woken)

    def _run(self) -> None:
        while True:
            with suppress(OSError, BadLineError, WorkshopError), socket.socket(socket.AF_UNIX) as line:
                line.settimeout(_SEND_SECONDS)
                line.connect(str(self._path))
                try:
                    self._talk(line)
                finally:
                    self._connected(False)
            if self._ending.is_set():
                return
            # However often something is recorded meanwhile, a class that is not there is not tried more often.
            self._ending.wait(RETRY_SECONDS)

    def _talk(self, line: socket.socket) -> None:
        """Exchange lines until the connection or the app ends."""
        record = self._store.identity() or f"unwritten-{os.getpid()}"
        line.sendall(encode(Hello(record, time.time())))
        place: int | None = None
        buffer = bytearray()
        began = pinged = time.monotonic()
        while True:
            if place is not None:
                place = self._send_from(line, place)
                if self._ending.is_set():
                    return
            ready, _, _ = select.select([line.fileno(), self._woken], [], [], _POLL_SECONDS)
            if self._woken in ready:
                self._drain()
                if self._ending.is_set() and place is None:
                    return
            if line.fileno() in ready:
                place = self._take(self._read(line, buffer), place)
            now = time.monotonic()
            if place is None and now - began > _WELCOME_SECONDS:
                raise ConnectionError("the class has not answered")
            if now - pinged > PING_SECONDS:
                pinged = now
                line.sendall(encode(Ping(self._store.trouble, time.time())))

    def _take(self, notices: list[Notice], place: int | None) -> int | None:
        """Pass on the class's notices; returns the place to send from next."""
        for notice in notices:
            if isinstance(notice, Welcome):
                place = self._beginning() if notice.received is None else notice.received
                self._connected(True)
            self._hear(notice)
        return place

    def _beginning(self) -> int:
        """The place to send from to a class that has received nothing.

        Raises:
            ConnectionError: the record cannot be read, so nobody knows what was there before the class.
        """
        if self._first is None:
            self._first = self._store.last()
        if self._first is None:
            raise ConnectionError("the record cannot be read")
        return self._first

    def _send_from(self, line: socket.socket, place: int) -> int:
        """Send the events recorded after a place; returns the last place sent."""
        while found := self._store.after(place):
            for number, event in found:
                if event.learner == self._learner and not isinstance(event.happening, NotesKept):
                    sent = encode(Sent(number, event))
                    if len(sent) <= LONGEST_LINE:
                        line.sendall(sent)
                place = number
        return place

    def _read(self, line: socket.socket, buffer: bytearray) -> list[Notice]:
        """The complete notices received so far.

        Raises:
            OSError: the connection is lost.
            BadLineError: the class sent an invalid line.
        """
        chunk = line.recv(_READ)
        if not chunk:
            raise ConnectionError("the class has closed the connection")
        buffer += chunk
        *whole, rest = bytes(buffer).split(b"\n")
        if len(rest) > LONGEST_NOTICE:
            raise BadLineError("a notice without an end")
        buffer[:] = rest
        notices = (decode_notice(one) for one in whole if one.strip())
        return [notice for notice in notices if notice is not None]

    def _drain(self) -> None:
        if select.select([self._woken], [], [], 0)[0]:
            os.read(self._woken, _READ)
