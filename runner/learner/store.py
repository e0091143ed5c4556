"""The event log: SQLite below the state directory."""

import json
import sqlite3
import threading
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import quote

from runner.errors import UsageError
from runner.learner.events import Event
from runner.learner.log_recovery import is_damage, salvaged, set_aside

VERSION = 1
"""The version of the schema, kept in SQLite's `user_version`."""
BUSY_SECONDS = 0.25
"""How long to wait for another writer; the user interface waits with us."""

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
_INSERT = "INSERT INTO event (learner, workshop, lab, step, kind, time, data) VALUES (?, ?, ?, ?, ?, ?, ?)"
_SELECT_ALL = "SELECT learner, workshop, lab, step, kind, time, data FROM event ORDER BY id"
_SELECT = "SELECT learner, workshop, lab, step, kind, time, data FROM event WHERE learner = ? ORDER BY id"

_Result = TypeVar("_Result")


class EventLog:
    """Events on disk, for any number of processes at once.

    What cannot be written now (the disk is full, the file locked) is kept in memory and written with the next event
    that can be; `trouble` says so meanwhile. A damaged file is set aside, and `notice` says so. One that is deleted
    while it is in use is written anew, with all that it had. May be used from any thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        """Device and number of the file that is open."""
        self._unwritten: list[Event] = []
        self.trouble = ""
        """Why the last events are in memory only, "" if they are on disk."""
        self.unread = False
        """Whether what is on disk could not be read."""
        self.notice = ""
        """What has happened to the file and is settled, in words; "" if nothing has."""

    @property
    def unwritten(self) -> int:
        """How many events are in memory only."""
        return len(self._unwritten)

    def events(self, learner: str) -> tuple[Event, ...]:
        """All events of a learner in the order they were written; those that can be had, if there is `trouble`.

        Raises:
            UsageError: another version of the program has written the file.
        """
        with self._lock:
            rows = self._read(learner)
            self.unread = rows is None
            waiting = [event for event in self._unwritten if event.learner == learner]
            return (*map(_event, rows or ()), *waiting)

    def append(self, event: Event) -> None:
        """Write an event, and any that could not be written before.

        Raises:
            UsageError: another version of the program has written the file.
        """
        with self._lock:
            self._unwritten.append(event)
            self._write()

    def close(self) -> None:
        """Let go of the file, after trying once more to write what is in memory only."""
        with self._lock:
            if self._unwritten:
                self._write()
            self._disconnect()

    def _write(self) -> None:
        def insert(connection: sqlite3.Connection) -> bool:
            with connection:
                connection.executemany(_INSERT, map(_row, self._unwritten))
            return True

        if self._do(insert):
            self._unwritten.clear()

    def _do(self, action: Callable[[sqlite3.Connection], _Result]) -> _Result | None:
        """What `action` makes of the file; None, and `trouble`, if it cannot be had now."""
        try:
            try:
                result = action(self._open())
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self._disconnect()
                self._replace()
                result = action(self._open())
        except (sqlite3.Error, OSError) as error:
            self._fail(error)
            return None
        self.trouble = ""
        return result

    def _replace(self) -> None:
        """Go on with a new file that has what could be read of the damaged one."""
        aside = set_aside(self._path)
        if aside is None:
            return
        rows = salvaged(aside)
        with self._open() as connection:
            connection.executemany(_INSERT, rows)
        kept = (
            f"{len(rows)} events of it could be read and are kept" if rows else "nothing of it could be read"
        )
        self.notice = f"The record of your progress was damaged: {kept}. The damaged file is {aside}."

    def _read(self, learner: str) -> list[Any] | None:
        if self._connection is None and not self._path.exists():
            # To make a file takes as long as half of the first screen, and there will be something to write first.
            return []
        rows = self._do(lambda connection: connection.execute(_SELECT, (learner,)).fetchall())
        return self._glimpsed(learner) if rows is None else rows

    def _glimpsed(self, learner: str) -> list[Any] | None:
        """The rows that can be read without writing anything, as on a full disk or in a folder of somebody else's."""
        address = f"file:{quote(str(self._path))}?mode=ro&immutable=1"
        try:
            with closing(sqlite3.connect(address, uri=True)) as connection:
                return connection.execute(_SELECT, (learner,)).fetchall()
        except sqlite3.Error:
            return None

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and self._file != (now := _identity(self._path)):
            if now is None:
                # Anyone who deletes the file leaves us the old one to read.
                rows = self._connection.execute(_SELECT_ALL).fetchall()
                self._unwritten = [*map(_event, rows), *self._unwritten]
            self._disconnect()
        return self._connection or self._connect()

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, check_same_thread=False)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._connection, self._file = connection, _identity(self._path)
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in {0, VERSION}:
            raise UsageError(
                f"{self._path} has version {version}, and this program writes version {VERSION}",
                remedy="update workshop; or move the file away to begin afresh",
            )
        # With a write-ahead log a commit survives the death of the process without waiting for the disk.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if version == 0:
            connection.executescript(_SCHEMA)

    def _fail(self, error: Exception) -> None:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        self.trouble = f"{self._path}: {reason}"
        self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and number of a file; None if there is none."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino


def _row(event: Event) -> tuple[str, str, str, str, str, float, str]:
    data = json.dumps(dict(event.data), sort_keys=True)
    return event.learner, event.workshop, event.lab, event.step, str(event.kind), event.time, data


def _event(row: tuple[str, str, str, str, str, float, str]) -> Event:
    learner, workshop, lab, step, kind, time, data = row
    return Event(
        learner=learner, workshop=workshop, lab=lab, step=step, kind=kind, time=time, data=_mapping(data)
    )


def _mapping(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        # A damaged line must not keep the learner from the others.
        value = None
    return MappingProxyType(value if isinstance(value, dict) else {})
