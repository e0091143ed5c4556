"""Events in a SQLite file."""

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from runner.errors import UsageError, WorkshopError
from runner.files import file_identity
from runner.record.bounds import Bounds
from runner.record.event import PERISHABLE, Event
from runner.record.retry import Retry
from runner.record.rows import COLUMNS, event_of, row_of
from runner.record.sqlite.file import ERRORS, connected, create
from runner.record.sqlite.recovery import is_damage, salvaged, set_aside, set_aside_earlier
from runner.record.sqlite.rows import (
    VERSION,
    SqliteShelf,
    identified,
    last,
    learners,
    prepare,
    receive,
    received_of,
    remove,
)
from runner.record.store import MOST_BYTES, MOST_EVENTS, Received, Span

BUSY_SECONDS = 0.25
"""Seconds to wait for another writer; the user interface waits too."""
RETRY_SECONDS = 1.0
"""Seconds between two tries to write the events that wait in memory."""
MOST_UNWRITTEN = 50_000
"""The number of events that may wait in memory for a full disk; beyond it the oldest are lost."""

_INSERT = f"INSERT INTO event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 (the columns are ours)
_SELECT_ALL = f"SELECT {COLUMNS} FROM event ORDER BY id"  # noqa: S608
_SELECT = f"SELECT {COLUMNS} FROM event WHERE learner = ? ORDER BY id"  # noqa: S608
_AFTER = f"SELECT id, {COLUMNS} FROM event WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
_WRITTEN_BY_OTHERS = "PRAGMA data_version"

_Result = TypeVar("_Result")


class SqliteStore:
    """An `EventStore` in one file.

    A damaged file is set aside, and `notice` says so. A file that is deleted while it is in use is written anew, with
    all its events.
    """

    def __init__(self, path: Path, *, most: int = MOST_EVENTS, most_bytes: int = MOST_BYTES) -> None:
        self._path = path
        self._bounds = Bounds(most, most_bytes)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        """Device and number of the file that is open."""
        self._unwritten: list[Event] = []
        self._unreceived: dict[tuple[str, str], int] = {}
        self._retry = Retry(self._written, seconds=RETRY_SECONDS)
        self._version = 0
        """SQLite's counter of other programs' changes."""
        self._followed: tuple[sqlite3.Connection, int] | None = None
        """The connection, and that counter, when `changed` was asked last."""
        self._trouble = ""
        self.unread = False
        """True if the events on disk could not be read."""
        self.notice = ""
        """A message on a repaired problem with the file; "" if there was none."""

    @property
    def path(self) -> Path:
        """The file's path."""
        return self._path

    @property
    def trouble(self) -> str:
        """The reason why some events are not on disk, or were refused; "" if all is well."""
        return self._trouble or self._bounds.trouble

    @property
    def unwritten(self) -> int:
        """The number of events that are in memory only."""
        return len(self._unwritten)

    def identity(self) -> str:
        """An id of this file, which lasts as long as the file; "" if it cannot be read now."""
        with self._lock:
            return self._do(identified) or ""

    def events(self, learner: str) -> tuple[Event, ...]:
        """All events of a learner in the order they were written; the available ones while there is `trouble`.

        Raises:
            UsageError: another version of the program has written the file.
        """
        with self._lock:
            rows = self._read(learner)
            self.unread = rows is None
            waiting = [event for event in self._unwritten if event.learner == learner]
            return (*map(event_of, rows or ()), *waiting)

    def after(self, place: int, limit: int = 1000) -> Sequence[tuple[int, Event]]:
        """The next events on disk after a place, each with its own place.

        Raises:
            UsageError: another version of the program has written the file.
        """
        with self._lock:
            if self._absent():
                return ()
            rows = self._do(lambda connection: connection.execute(_AFTER, (place, limit)).fetchall())
            return [(row[0], event_of(row[1:])) for row in rows or ()]

    def last(self) -> int | None:
        """The place of the last event on disk; 0 if there is none, None if the file cannot be read now."""
        with self._lock:
            return 0 if self._absent() else self._do(last)

    def changed(self) -> bool:
        """True if another program has changed the file since this was asked last, or may have; no event is read.

        Raises:
            UsageError: another version of the program has written the file.
        """
        with self._lock:
            if self._absent():
                return False
            now = self._do(lambda file: (file, int(file.execute(_WRITTEN_BY_OTHERS).fetchone()[0])))
            before, self._followed = self._followed, now
            return now is not None and now != before

    def learners(self) -> Mapping[str, Span]:
        """Every learner with recorded events, in the order of their names, and where their events are."""
        with self._lock:
            found = {} if self._absent() else self._do(learners) or {}
            waiting = {event.learner: Span() for event in self._unwritten}
            return dict(sorted((waiting | found).items()))

    def append(self, *events: Event, received: Received | None = None) -> None:
        """Write events, and any that could not be written before; those that cannot be written now are tried again.

        Raises:
            UsageError: another version of the program has written the file.
        """
        with self._lock:
            if self._bounds.full:
                self._do(self._heed_others)
            self._unwritten.extend(event for event in events if event.learner not in self._bounds.full)
            del self._unwritten[: max(0, len(self._unwritten) - MOST_UNWRITTEN)]
            if received is not None:
                self._unreceived[received.learner, received.record] = received.number
            written = self._write()
        if not written:
            self._retry.begin()

    def received(self, learner: str, record: str) -> int | None:
        """The last number received of a learner's own record; None if nothing ever was."""
        with self._lock:
            return self._received(learner).get(record)

    def records(self, learner: str) -> int:
        """The number of a learner's records of which events, or the start, have come in."""
        with self._lock:
            return len(self._received(learner))

    def _received(self, learner: str) -> dict[str, int]:
        """The last number received of each of a learner's own records, as far as it is known now."""
        found = self._do(lambda connection: received_of(connection, learner)) or {}
        return found | {key[1]: number for key, number in self._unreceived.items() if key[0] == learner}

    def delete(self, learner: str) -> int:
        """Delete all events of a learner, here and in the damaged files beside this one; returns the number deleted.

        Raises:
            WorkshopError: the events cannot be deleted now.
            OSError: a damaged file cannot be removed.
        """
        with self._lock:
            waiting = [event for event in self._unwritten if event.learner == learner]
            count = 0 if self._absent() else self._do(lambda connection: remove(connection, learner))
            if count is None:
                raise WorkshopError(
                    f"the record cannot be changed: {self._trouble}", remedy="try again later"
                )
            self._unwritten = [event for event in self._unwritten if event.learner != learner]
            self._unreceived = {key: number for key, number in self._unreceived.items() if key[0] != learner}
            self._bounds.forget(learner)
            for damaged in set_aside_earlier(self._path):
                damaged.unlink(missing_ok=True)
            return count + len(waiting)

    def close(self) -> None:
        """Close the file, after one more try to write the events in memory."""
        self._retry.end()
        with self._lock:
            self._write()
            self._disconnect()

    def _absent(self) -> bool:
        return self._connection is None and not self._path.exists()

    def _written(self) -> bool:
        """Try once more to write; True if all events are on disk."""
        with self._lock, suppress(UsageError):
            return self._write()
        return False

    def _write(self) -> bool:
        """Write the waiting events; False if they cannot be written now."""
        if not (self._unwritten or self._unreceived):
            return True

        def insert(connection: sqlite3.Connection) -> bool:
            # With a write-ahead log any commit survives the death of the process. Progress waits for the disk besides,
            # to survive the machine's.
            progress = any(event.happening.kind not in PERISHABLE for event in self._unwritten)
            connection.execute(f"PRAGMA synchronous = {'FULL' if progress else 'NORMAL'}")
            with connection:
                connection.executemany(_INSERT, map(row_of, self._unwritten))
                for (learner, record), number in self._unreceived.items():
                    receive(connection, learner, record, number)
                for learner in {event.learner for event in self._unwritten}:
                    self._bound(connection, learner)
            return True

        if not self._do(insert):
            return False
        self._unwritten.clear()
        self._unreceived.clear()
        return True

    def _bound(self, connection: sqlite3.Connection, learner: str) -> None:
        """Keep a learner's events within the limits."""
        new = [event for event in self._unwritten if event.learner == learner]
        self._bounds.enforce(SqliteShelf(connection), learner, new)
        if self._bounds.full:
            self._version = connection.execute(_WRITTEN_BY_OTHERS).fetchone()[0]

    def _heed_others(self, connection: sqlite3.Connection) -> None:
        """Look for room again once another program, which may have deleted a learner's events, has changed the file."""
        version = connection.execute(_WRITTEN_BY_OTHERS).fetchone()[0]
        if version != self._version:
            self._bounds.heed_others(SqliteShelf(connection))
        self._version = version

    def _do(self, action: Callable[[sqlite3.Connection], _Result]) -> _Result | None:
        """The result of `action` on the file; None, with `trouble` set, if the file cannot be used now."""
        try:
            try:
                result = action(self._open())
            except ERRORS as error:
                if not is_damage(error):
                    raise
                self._disconnect()
                self._replace()
                result = action(self._open())
        except (*ERRORS, OSError) as error:
            self._fail(error)
            return None
        self._trouble = ""
        return result

    def _replace(self) -> None:
        """Continue with a new file that holds the readable rows of the damaged one."""
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
        if self._absent():
            # Creating a file takes as long as half of the first screen, and there will be something to write first.
            return []
        rows = self._do(lambda connection: connection.execute(_SELECT, (learner,)).fetchall())
        return self._glimpsed(learner) if rows is None else rows

    def _glimpsed(self, learner: str) -> list[Any] | None:
        """The rows that can be read without any write, as on a full disk or in another user's folder."""
        address = f"file:{quote(str(self._path))}?mode=ro&immutable=1"
        try:
            with closing(connected(address, uri=True)) as connection:
                return connection.execute(_SELECT, (learner,)).fetchall()
        except ERRORS:
            return None

    def _open(self) -> sqlite3.Connection:
        if self._connection is not None and self._file != (now := file_identity(self._path)):
            if now is None:
                # If the file is deleted, we still have the old one to read.
                rows = self._connection.execute(_SELECT_ALL).fetchall()
                self._unwritten = [*map(event_of, rows), *self._unwritten]
                # Also here, where perhaps nothing is ever appended: others may have seen the new file only.
                self._retry.begin()
            self._disconnect()
            self._bounds.look_again()
        return self._connection or self._connect()

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        create(self._path)
        connection = connected(self._path, timeout=BUSY_SECONDS, check_same_thread=False)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._connection, self._file = connection, file_identity(self._path)
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = prepare(connection)
        if version != VERSION:
            raise UsageError(
                f"{self._path} has version {version}, and this program writes version {VERSION}",
                remedy="update workshop; or move the file away to begin afresh",
            )

    def _fail(self, error: Exception) -> None:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        self._trouble = f"{self._path}: {reason}"
        self._disconnect()
        # What was counted as written may have been rolled back.
        self._bounds.look_again()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
