"""Short texts between the programs of a class that is on more than one machine, beside its events."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_BUSY_SECONDS = 2.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS bulletin (
    id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
    time REAL NOT NULL, pinned INTEGER NOT NULL
) STRICT
"""
_SINCE = "SELECT id, text FROM bulletin WHERE topic = ? AND id > ? AND NOT pinned ORDER BY id"
_PINNED = "SELECT author, text, ? - time FROM bulletin WHERE topic = ? AND pinned ORDER BY author"
_INSERT = "INSERT INTO bulletin (topic, author, text, time, pinned) VALUES (?, ?, ?, ?, ?)"
_UNPIN = "DELETE FROM bulletin WHERE topic = ? AND author = ? AND pinned"


@dataclass(frozen=True, slots=True)
class Pinned:
    """The text of an author, and how many seconds ago they pinned it."""

    author: str
    text: str
    age: float


class BulletinBoard(Protocol):
    """Texts by topic, for any number of threads and processes at once.

    Each call raises an OSError where the board cannot be had now.
    """

    def post(self, topic: str, text: str) -> None:
        """Put a text behind the others."""

    def since(self, topic: str, place: int) -> Sequence[tuple[int, str]]:
        """What was posted behind a place, 0 for the beginning, each with its own place, which rises."""

    def pin(self, topic: str, author: str, text: str) -> None:
        """Put a text in the place of the author's last one."""

    def unpin(self, topic: str, author: str) -> None:
        """Take away the author's text, if there is one."""

    def pinned(self, topic: str) -> Sequence[Pinned]:
        """Everybody's text, by their name."""

    def close(self) -> None:
        """Let go of it."""


class SqliteBoard:
    """A `BulletinBoard` in a file, which may be a store's."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def post(self, topic: str, text: str) -> None:
        """Put a text behind the others."""
        self._do(_INSERT, topic, "", text, time.time(), 0)

    def since(self, topic: str, place: int) -> Sequence[tuple[int, str]]:
        """What was posted behind a place, each with its own."""
        return [(int(row[0]), str(row[1])) for row in self._do(_SINCE, topic, place)]

    def pin(self, topic: str, author: str, text: str) -> None:
        """Put a text in the place of the author's last one."""
        with self._opened() as connection:
            # In one transaction: nobody sees that there is none.
            connection.execute(_UNPIN, (topic, author))
            connection.execute(_INSERT, (topic, author, text, time.time(), 1))

    def unpin(self, topic: str, author: str) -> None:
        """Take away the author's text."""
        self._do(_UNPIN, topic, author)

    def pinned(self, topic: str) -> Sequence[Pinned]:
        """Everybody's text."""
        return [Pinned(*row) for row in self._do(_PINNED, time.time(), topic)]

    def close(self) -> None:
        """Let go of it."""

    def _do(self, query: str, *values: object) -> list[tuple[str, str, float]]:
        with self._opened() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The file in a transaction.

        Raises:
            OSError: it cannot be had now.
        """
        try:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection, connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(_SCHEMA)
                yield connection
        except sqlite3.Error as error:
            raise OSError(f"{self._path}: {error}") from error
