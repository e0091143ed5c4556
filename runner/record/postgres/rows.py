"""A database's rows of events: written once, and deleted to make room."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

from runner.record.bounds import Size
from runner.record.event import PERISHABLE, Event
from runner.record.rows import COLUMNS, row_of
from runner.record.store import Received

_WRITE = sql.SQL(
    "INSERT INTO event ({columns}) SELECT * FROM unnest("
    "%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::float8[], %s::text[])"
).format(columns=sql.SQL(COLUMNS))
_WRITE_ONCE = (
    sql.SQL(
        "WITH new AS (INSERT INTO received VALUES (%s, %s, %s) ON CONFLICT (learner, record) "
        "DO UPDATE SET number = excluded.number WHERE received.number < excluded.number RETURNING 1) "
    )
    + _WRITE
    + sql.SQL(" WHERE EXISTS (SELECT FROM new)")
)


class PostgresShelf:
    """A `Shelf` in a transaction."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def size(self, learner: str) -> Size:
        """The size of a learner's events."""
        query = "SELECT count(*), coalesce(sum(length(data)), 0) FROM event WHERE learner = %s"
        found = self._connection.execute(query, (learner,)).fetchone()
        assert found is not None
        return Size(*found)

    def drop_oldest_perishable(self, learner: str, count: int) -> int:
        """Delete up to `count` of the oldest events that no progress depends on; returns the number deleted."""
        query = (
            "WITH gone AS (DELETE FROM event WHERE id IN "
            "(SELECT id FROM event WHERE learner = %s AND kind = ANY(%s) ORDER BY id LIMIT %s) RETURNING 1) "
            "SELECT count(*) FROM gone"
        )
        # In a pipeline, the number of rows that a statement changed is known only after the round trip.
        found = self._connection.execute(query, (learner, sorted(PERISHABLE), count)).fetchone()
        assert found is not None
        return int(found[0])

    def drop_newest(self, learner: str, count: int) -> None:
        """Delete the `count` newest events."""
        query = "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE learner = %s ORDER BY id DESC LIMIT %s)"
        self._connection.execute(query, (learner, count))


def write_rows(
    connection: psycopg.Connection[Any], events: Sequence[Event], received: Received | None
) -> psycopg.Cursor[Any]:
    """Write a batch; the cursor's row count is 0 if it was written before."""
    # PostgreSQL has no text with a NUL in it; in data it is escaped.
    rows = [
        tuple(one.replace("\0", "\ufffd") if isinstance(one, str) else one for one in row_of(event))
        for event in events
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in COLUMNS.split(",")]
    if received is None:
        return connection.execute(_WRITE, columns)
    return connection.execute(_WRITE_ONCE, (received.learner, received.record, received.number, *columns))
