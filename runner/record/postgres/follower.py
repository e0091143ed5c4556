"""Following the events of a database in an order in which none comes late."""

import time
from collections.abc import Sequence
from typing import Any

from psycopg import sql

from runner.record.postgres.database import Connection
from runner.record.postgres.news import News
from runner.record.postgres.schema import CHANNEL, GATE, LIMITS
from runner.record.rows import COLUMNS

_POLL_SECONDS = 2.0
"""Seconds for which a follower trusts that notifications arrive."""
_AFTER = sql.SQL("SELECT id, {} FROM event WHERE id > %s AND id <= %s ORDER BY id LIMIT %s").format(
    sql.SQL(COLUMNS)
)


class Follower:
    """A follower's position in the event table, and what it knows of newer rows."""

    def __init__(self) -> None:
        self.news = True
        """True if there may be rows after the position."""
        self._seen: tuple[News, int, int] | None = None
        """The notifications at the last look, and the position."""
        self._looked = 0.0

    def look(self, connection: Connection, news: News, place: int, limit: int) -> Sequence[Any]:
        """The rows after a place, ordered so that no later row gets an earlier place."""
        told, now = news.of(CHANNEL), time.monotonic()
        if (news, told, place) == self._seen and not self.news and now - self._looked < _POLL_SECONDS:
            return ()
        self.news, self._looked = False, now
        with connection.transaction():
            # After the current writers have finished, no row can appear before the last one.
            connection.execute(f"{LIMITS}, pg_advisory_xact_lock(%s)", (GATE,))
            last = connection.execute("SELECT coalesce(max(id), 0) FROM event").fetchone()
        assert last is not None
        rows = connection.execute(_AFTER, (place, last[0], limit)).fetchall()
        self._seen = news, told, rows[-1][0] if rows else place
        self.news |= len(rows) == limit
        return rows
