"""A board of bulletins in a file."""

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from runner.files import file_identity
from runner.record.bulletin import Pinned
from runner.record.sqlite.file import ERRORS, connected, create

_BUSY_SECONDS = 2.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS bulletin (
    id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, author TEXT NOT NULL, text TEXT NOT NULL,
    time REAL NOT NULL, pinned INTEGER NOT NULL
) STRICT
"""
_SINCE = "SELECT id, text FROM bulletin WHERE topic = ? AND id > ? AND NOT pinned ORDER BY id"
_LAST = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'bulletin'"
_PINNED = "SELECT author, text, ? - time FROM bulletin WHERE topic = ? AND pinned ORDER BY author"
_INSERT = "INSERT INTO bulletin (topic, author, text, time, pinned) VALUES (?, ?, ?, ?, ?)"
_UNPIN = "DELETE FROM bulletin WHERE topic = ? AND author = ? AND pinned"
_DROP = "DELETE FROM bulletin WHERE topic = ? AND id < ? AND NOT pinned"


class SqliteBoard:
    """A `BulletinBoard` in a file, which may be a store's."""

    def __init__(self, path: Path) -> None:
        """Opens the file when it is first used."""
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        """Device and number of the open file."""

    def post(self, topic: str, text: str) -> int:
        """Append a text to the topic; returns its place."""
        with self._opened() as connection:
            place = connection.execute(_INSERT, (topic, "", text, time.time(), 0)).lastrowid
        assert place is not None
        return place

    def since(self, topic: str, place: int) -> Sequence[tuple[int, str]]:
        """The texts posted after a place, each with its own place; all of them, if the place is of an earlier file."""
        with self._opened() as connection:
            last = connection.execute(_LAST).fetchone()[0]
            return connection.execute(_SINCE, (topic, place if place <= last else 0)).fetchall()

    def drop_before(self, topic: str, place: int) -> None:
        """Delete the texts posted before a place."""
        self._do(_DROP, topic, place)

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
        """Close the file."""
        with self._lock:
            self._disconnect()

    def _do(self, query: str, *values: object) -> list[tuple[str, str, float]]:
        with self._opened() as connection:
            return connection.execute(query, values).fetchall()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The file, in a transaction.

        Raises:
            OSError: the file cannot be opened or is busy.
        """
        with self._lock:
            try:
                with self._connected() as connection:
                    yield connection
            except ERRORS as error:
                self._disconnect()
                raise OSError(f"{self._path}: {error}") from error

    def _connected(self) -> sqlite3.Connection:
        if self._connection is not None and self._file != file_identity(self._path):
            # The file was deleted or replaced.
            self._disconnect()
        if self._connection is None:
            create(self._path)
            connection = connected(self._path, timeout=_BUSY_SECONDS, check_same_thread=False)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(_SCHEMA)
            except BaseException:
                connection.close()
                raise
            self._connection, self._file = connection, file_identity(self._path)
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
