"""Notifications over a database connection, so that readers need not poll."""

from collections import Counter
from typing import Any

import psycopg
from psycopg import sql


class News:
    """Counts notifications by channel, for all users of the connection."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._counts: Counter[str] = Counter()
        self._listening: set[str] = set()

    def of(self, channel: str) -> int:
        """The number of notifications since the first call, plus 1, as anything may be new at the first."""
        if channel not in self._listening:
            self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
            self._listening.add(channel)
            self._counts[channel] += 1
        self._counts.update(note.channel for note in self._connection.notifies(timeout=0))
        return self._counts[channel]
