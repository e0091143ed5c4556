"""Short texts that the programs of a class on several machines leave for each other, stored beside its events."""

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
    """An author's pinned text, and its age in seconds."""

    author: str
    text: str
    age: float


class BulletinBoard(Protocol):
    """Texts by topic, for any number of threads and processes at once.

    Each call raises an OSError if the board cannot be reached.
    """

    def post(self, topic: str, text: str) -> None:
        """Append a text to the topic."""

    def since(self, topic: str, place: int) -> Sequence[tuple[int, str]]:
        """The texts posted after a place (0: from the beginning), each with its own place; places rise."""

    def pin(self, topic: str, author: str, text: str) -> None:
        """Pin a text, replacing the author's last one."""

    def unpin(self, topic: str, author: str) -> None:
        """Remove the author's pinned text, if there is one."""

    def pinned(self, topic: str) -> Sequence[Pinned]:
        """Every author's pinned text, by author name."""

    def close(self) -> None:
        """Let go of it."""


class SqliteBoard:
    """A `BulletinBoard` in a file, which may be a store's."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def post(self, topic: str, text: str) -> None:
        """Append a text to the topic."""
        self._do(_INSERT, topic, "", text, time.time(), 0)

    def since(self, topic: str, place: int) -> Sequence[tuple[int, str]]:
        """The texts posted after a place, each with its own place."""
        return [(int(row[0]), str(row[1])) for row in self._do(_SINCE, topic, place)]

    def pin(self, topic: str, author: str, text: str) -> None:
        """Pin a text, replacing the author's last one."""
        with self._opened() as connection:
            # In one transaction: a reader never finds the text missing.
            connection.execute(_UNPIN, (topic, author))
            connection.execute(_INSERT, (topic, author, text, time.time(), 1))

    def unpin(self, topic: str, author: str) -> None:
        """Remove the author's pinned text."""
        self._do(_UNPIN, topic, author)

    def pinned(self, topic: str) -> Sequence[Pinned]:
        """Every author's pinned text."""
        return [Pinned(*row) for row in self._do(_PINNED, time.time(), topic)]

    def close(self) -> None:
        """Let go of it."""

    def _do(self, query: str, *values: object) -> list[tuple[str, str, float]]:
        with self._opened() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The file, in a transaction.

        Raises:
            OSError: the file cannot be opened or is busy.
        """
        try:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection, connection:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(_SCHEMA)
                yield connection
        except sqlite3.Error as error:
            raise OSError(f"{self._path}: {error}") from error
