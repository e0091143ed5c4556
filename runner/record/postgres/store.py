"""Events in a PostgreSQL database, for classes on more than one machine."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg import sql

from runner.errors import WorkshopError
from runner.record.bounds import Bounds
from runner.record.event import Event
from runner.record.postgres.database import RETRY_SECONDS, Connection, Database
from runner.record.postgres.follower import Follower
from runner.record.postgres.rows import PostgresShelf, write_rows
from runner.record.postgres.schema import CHANNEL, GATE, LIMITS
from runner.record.rows import COLUMNS, event_of
from runner.record.store import MOST_BYTES, MOST_EVENTS, Received, Span

PATIENCE = 0.25
"""Seconds that a writer waits; a terminal may wait with it."""
MOST_UNWRITTEN = 50_000
"""The number of events that may wait in memory for the database; beyond it the oldest are lost."""
_CLOSE_SECONDS = 5.0
_AT_ONCE = 500
"""The largest number of waiting batches written in one transaction."""

_SELECT = sql.SQL("SELECT {} FROM event WHERE learner = %s ORDER BY id").format(sql.SQL(COLUMNS))


@dataclass(frozen=True, slots=True)
class _Batch:
    """Events given in one call."""

    events: tuple[Event, ...]
    received: Received | None


class PostgresStore:
    """An `EventStore` in a database that any number of machines share; `url` is an address in libpq's form.

    A writer waits only for a moment; a thread keeps trying until the events are written. An event that carries its
    number in a learner's own record is written once, even if the database stored it and its answer was lost.
    """

    def __init__(
        self,
        url: str,
        *,
        most: int = MOST_EVENTS,
        most_bytes: int = MOST_BYTES,
        patience: float = PATIENCE,
    ) -> None:
        """Connect on first use; `patience` is the number of seconds that a writer waits.

        Raises:
            UsageError: the address is not a database's.
        """
        self._bounds = Bounds(most, most_bytes)
        self.database = Database(url, failed=self._bounds.look_again)
        """The database, whose lock also guards what is known of it."""
        self._patience = patience
        self._looked_for_room = 0.0
        self._follower = Follower()
        self._waiting: list[_Batch] = []
        self._changed = threading.Condition()
        """Guards the batches that wait to be written."""
        self._closing = False
        self._writer: threading.Thread | None = None

    @property
    def trouble(self) -> str:
        """The reason why some events are not in the database, or were refused; "" if all is well."""
        return self.database.trouble or self._bounds.trouble

    @property
    def unwritten(self) -> int:
        """The number of events that are in memory only."""
        with self._changed:
            return sum(len(batch.events) for batch in self._waiting)

    def append(self, *events: Event, received: Received | None = None) -> None:
        """Write events, or queue them to be written as soon as possible."""
        batch = _Batch(events, received)
        with self._changed:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write_all, name="events", daemon=True)
                self._writer.start()
            self._waiting.append(batch)
            beyond = self.unwritten - MOST_UNWRITTEN
            while beyond > 0 and len(self._waiting) > 1:
                beyond -= len(self._waiting.pop(0).events)
            self._changed.notify_all()
            if not self.database.trouble:
                self._changed.wait_for(
                    lambda: self.database.trouble or not self._waits(batch), self._patience
                )

    def events(self, learner: str) -> tuple[Event, ...]:
        """All events of a learner in the order they were written; the available ones while there is `trouble`."""
        # A batch written between the two reads would be in neither: the writer waits.
        with self.database.lock:
            rows = self.database.do(lambda connection: connection.execute(_SELECT, (learner,)).fetchall())
            waiting = [one for one in self._unwritten() if one.learner == learner]
        return (*map(event_of, rows or ()), *waiting)

    def after(self, place: int, limit: int = 1000) -> Sequence[tuple[int, Event]]:
        """The next events in the database after a place, each with its own place."""
        rows = self.database.do(
            lambda connection: self._follower.look(connection, self.database.news, place, limit)
        )
        return [(row[0], event_of(row[1:])) for row in rows or ()]

    def learners(self) -> Mapping[str, Span]:
        """Every learner with recorded events, in the order of their names, and where their events are."""
        query = "SELECT learner, min(id), max(id) FROM event GROUP BY learner"
        with self.database.lock:
            rows = self.database.do(lambda connection: connection.execute(query).fetchall())
            waiting = {event.learner: Span() for event in self._unwritten()}
        found = {learner: Span(first, last) for learner, first, last in rows or ()}
        return dict(sorted((waiting | found).items()))

    def delete(self, learner: str) -> int:
        """Delete all events of a learner; returns the number deleted.

        Raises:
            WorkshopError: the events cannot be deleted now.
        """

        def remove(connection: Connection) -> int:
            with connection.transaction():
                connection.execute(f"{LIMITS}, pg_advisory_xact_lock(%s)", (GATE,))
                count = connection.execute("DELETE FROM event WHERE learner = %s", (learner,)).rowcount
                connection.execute("DELETE FROM received WHERE learner = %s", (learner,))
                return count

        # In this order, as the writer takes them.
        with self.database.lock, self._changed:
            count = self.database.do(remove)
            if count is None:
                raise WorkshopError(
                    f"the record cannot be changed: {self.database.trouble}", remedy="try again later"
                )
            waiting = [event for event in self._unwritten() if event.learner == learner]
            self._waiting = [
                kept for batch in self._waiting if (kept := _without(batch, learner)) is not None
            ]
            self._bounds.forget(learner)
            return count + len(waiting)

    def received(self, learner: str, record: str) -> int | None:
        """The last number received of a learner's own record; None if nothing was, or it is not known now."""
        with self._changed:
            known = [batch.received for batch in self._waiting if batch.received is not None]
        numbers = [one.number for one in known if (one.learner, one.record) == (learner, record)]
        if numbers:
            return numbers[-1]
        query = "SELECT number FROM received WHERE learner = %s AND record = %s"
        row = self.database.do(lambda connection: connection.execute(query, (learner, record)).fetchone())
        return None if row is None else int(row[0])

    def records(self, learner: str) -> int:
        """The number of a learner's records of which events, or the start, have come in."""
        query = "SELECT record FROM received WHERE learner = %s"
        with self.database.lock, self._changed:
            rows = self.database.do(lambda connection: connection.execute(query, (learner,)).fetchall())
            waiting = [batch.received for batch in self._waiting if batch.received is not None]
        return len(
            {row[0] for row in rows or ()}.union(one.record for one in waiting if one.learner == learner)
        )

    def close(self) -> None:
        """Close the store, after one more try to write the events in memory."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            writer = self._writer
        if writer is not None:
            writer.join(_CLOSE_SECONDS)
        self.database.close()

    def _waits(self, batch: _Batch) -> bool:
        return any(one is batch for one in self._waiting)

    def _unwritten(self) -> list[Event]:
        with self._changed:
            return [event for batch in self._waiting for event in batch.events]

    def _write_all(self) -> None:
        """Write the waiting events until the store is closed; then once more."""
        while True:
            with self._changed:
                while not self._waiting and not self._closing:
                    self._changed.wait()
                if not self._waiting:
                    return
            if self._write_some():
                continue
            with self._changed:
                if self._closing:
                    return
                self._changed.wait_for(lambda: self._closing, RETRY_SECONDS)

    def _write_some(self) -> bool:
        with self.database.lock:
            with self._changed:
                batches = self._waiting[:_AT_ONCE]
            if not self._inserted(batches):
                with self._changed:
                    self._changed.notify_all()
                return False
            with self._changed:
                # Nothing of a learner who was deleted meanwhile is waiting any more.
                done = set(map(id, batches))
                self._waiting = [batch for batch in self._waiting if id(batch) not in done]
                self._changed.notify_all()
            return True

    def _inserted(self, batches: Sequence[_Batch]) -> bool:
        """True if the database has them now; a fault of this program is handled as a database that does not answer."""
        try:
            return (
                self.database.do(lambda connection: self._insert(connection, batches), again=True) is not None
            )
        except Exception as error:
            logging.getLogger(__name__).exception("the record cannot be written")
            self.database.fail(f"{type(error).__name__}: {error}")
            return False

    def _insert(self, connection: Connection, batches: Sequence[_Batch]) -> bool:
        # In two round trips: the writes, and the commit.
        with connection.pipeline() as journey:
            with connection.transaction():
                # Many write at once. A follower closes the gate to see what all of them have written.
                connection.execute(f"{LIMITS}, pg_advisory_xact_lock_shared(%s)", (GATE,))
                if self._bounds.full and time.monotonic() - self._looked_for_room > RETRY_SECONDS:
                    self._looked_for_room = time.monotonic()
                    self._bounds.heed_others(PostgresShelf(connection))
                written = [
                    (batch, write_rows(connection, self._welcome(batch), batch.received)) for batch in batches
                ]
                journey.sync()
                new: dict[str, list[Event]] = {}
                for batch, cursor in written:
                    # No events if they were written before.
                    for event in self._welcome(batch) if cursor.rowcount else ():
                        new.setdefault(event.learner, []).append(event)
                for learner, events in new.items():
                    self._bounds.enforce(PostgresShelf(connection), learner, events)
            # Not in the transaction: transactions that notify commit one after the other, each waiting for the disk.
            connection.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
        self._follower.news = True
        return True

    def _welcome(self, batch: _Batch) -> list[Event]:
        """The batch's events of learners who have room."""
        return [event for event in batch.events if event.learner not in self._bounds.full]


def _without(batch: _Batch, learner: str) -> _Batch | None:
    """The batch without a learner's events; None if nothing is left."""
    events = tuple(event for event in batch.events if event.learner != learner)
    received = batch.received
    if received is not None and received.learner == learner:
        received = None
    if (events, received) == (batch.events, batch.received):
        return batch
    return _Batch(events, received) if events or received is not None else None
