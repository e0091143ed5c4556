"""A file's tables, and the queries on them."""

import os
import sqlite3

from runner.record.bounds import Size
from runner.record.event import PERISHABLE
from runner.record.store import Span

VERSION = 1
"""The version of the schema, stored in SQLite's `user_version`.

A table that older versions can ignore does not raise it.
"""

_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    learner TEXT NOT NULL,
    workshop TEXT NOT NULL,
    lab TEXT NOT NULL,
    step TEXT NOT NULL,
    kind TEXT NOT NULL,
    time REAL NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS event_learner ON event (learner, id);
PRAGMA user_version = {VERSION};
COMMIT;
"""
_IDENTITY = (
    "CREATE TABLE IF NOT EXISTS identity (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT"
)
_RECEIVED = """
CREATE TABLE IF NOT EXISTS received (
    learner TEXT NOT NULL, record TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (learner, record)
) STRICT
"""
_MEASURE = "SELECT count(*), coalesce(sum(length(data)), 0) FROM event WHERE learner = ?"
_OLDEST_PERISHABLE = f"""
DELETE FROM event WHERE id IN (
    SELECT id FROM event WHERE learner = ? AND kind IN ({", ".join("?" * len(PERISHABLE))}) ORDER BY id LIMIT ?
)
"""  # noqa: S608 (only question marks)
_NEWEST = "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE learner = ? ORDER BY id DESC LIMIT ?)"


class SqliteShelf:
    """A `Shelf` in a transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def size(self, learner: str) -> Size:
        """The size of a learner's events."""
        return Size(*self._connection.execute(_MEASURE, (learner,)).fetchone())

    def drop_oldest_perishable(self, learner: str, count: int) -> int:
        """Delete up to `count` of the oldest events that no progress depends on; returns the number deleted."""
        return self._connection.execute(_OLDEST_PERISHABLE, (learner, *sorted(PERISHABLE), count)).rowcount

    def drop_newest(self, learner: str, count: int) -> None:
        """Delete the `count` newest events."""
        self._connection.execute(_NEWEST, (learner, count))


def prepare(connection: sqlite3.Connection) -> int:
    """Create the table of events if it is missing.

    Returns the file's version, and leaves a file of another one alone.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version not in {0, VERSION}:
        return version
    connection.execute("PRAGMA journal_mode = WAL")
    if version == 0:
        connection.executescript(_SCHEMA)
    return VERSION


def last(connection: sqlite3.Connection) -> int:
    """The place of the last event; 0 if there is none."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()[0])


def learners(connection: sqlite3.Connection) -> dict[str, Span]:
    """Every learner with an event, and where their events are."""
    rows = connection.execute("SELECT learner, min(id), max(id) FROM event GROUP BY learner")
    return {learner: Span(first, last) for learner, first, last in rows}


def identified(connection: sqlite3.Connection) -> str:
    """The id of the file, which is created if it has none."""
    with connection:
        connection.execute(_IDENTITY)
        connection.execute("INSERT OR IGNORE INTO identity (one, id) VALUES (1, ?)", (os.urandom(8).hex(),))
    return str(connection.execute("SELECT id FROM identity").fetchone()[0])


def received_of(connection: sqlite3.Connection, learner: str) -> dict[str, int]:
    """The last number received of each of a learner's own records."""
    connection.execute(_RECEIVED)
    query = "SELECT record, number FROM received WHERE learner = ?"
    return dict(connection.execute(query, (learner,)).fetchall())


def receive(connection: sqlite3.Connection, learner: str, record: str, number: int) -> None:
    """Store the last number received of a record."""
    connection.execute(_RECEIVED)
    query = "INSERT OR REPLACE INTO received (learner, record, number) VALUES (?, ?, ?)"
    connection.execute(query, (learner, record, number))


def remove(connection: sqlite3.Connection, learner: str) -> int:
    """Delete all rows of a learner, and overwrite them in the file and its log.

    Returns the number of events deleted.
    """
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(_RECEIVED)
    with connection:
        count = connection.execute("DELETE FROM event WHERE learner = ?", (learner,)).rowcount
        connection.execute("DELETE FROM received WHERE learner = ?", (learner,))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return count
