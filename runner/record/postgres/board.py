"""A bulletin board in a PostgreSQL database."""

import time
from collections.abc import Sequence

from runner.record.bulletin import Pinned
from runner.record.postgres.database import Connection, Database
from runner.record.postgres.news import News
from runner.record.postgres.schema import BULLETINS, GATE

_POLL_SECONDS = 10.0
"""Seconds for which notifications are trusted to arrive; some connection pools deliver none."""


class PostgresBoard:
    """A `BulletinBoard` in a database, over the connection of others."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked: dict[str, tuple[tuple[News, int, int], float]] = {}
        """The last look at each topic: the notifications and the place at that time, and when it was."""

    def post(self, topic: str, text: str) -> int:
        """Append a text to the topic; returns its place."""

        def insert(connection: Connection, _news: News) -> int:
            with connection.transaction():
                # One at a time: no text appears later at an earlier place.
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (GATE + 1,))
                query = "INSERT INTO bulletin (topic, author, text, pinned) VALUES (%s, '', %s, false) RETURNING id"
                row = connection.execute(query, (topic, text)).fetchone()
                connection.execute("SELECT pg_notify(%s, '')", (BULLETINS,))
            assert row is not None
            return int(row[0])

        return self._database.ask(insert)

    def since(self, topic: str, place: int) -> Sequence[tuple[int, str]]:
        """The texts posted after a place, each with its own place."""

        def look(connection: Connection, news: News) -> Sequence[tuple[int, str]]:
            now, told = time.monotonic(), (news, news.of(BULLETINS), place)
            before, when = self._looked.get(topic, (None, 0.0))
            if before == told and now - when < _POLL_SECONDS:
                return ()
            query = "SELECT id, text FROM bulletin WHERE topic = %s AND id > %s AND NOT pinned ORDER BY id"
            rows: list[tuple[int, str]] = connection.execute(query, (topic, place)).fetchall()
            self._looked[topic] = (*told[:2], rows[-1][0] if rows else place), now
            return rows

        return self._database.ask(look)

    def drop_before(self, topic: str, place: int) -> None:
        """Delete the texts posted before a place."""
        query = "DELETE FROM bulletin WHERE topic = %s AND id < %s AND NOT pinned"
        self._database.ask(lambda connection, _: connection.execute(query, (topic, place)))

    def pin(self, topic: str, author: str, text: str) -> None:
        """Pin a text, replacing the author's last one."""
        query = (
            "INSERT INTO bulletin (topic, author, text, pinned) VALUES (%s, %s, %s, true) "
            "ON CONFLICT (topic, author) WHERE pinned DO UPDATE SET text = excluded.text, time = now()"
        )
        self._database.ask(lambda connection, _: connection.execute(query, (topic, author, text)))

    def unpin(self, topic: str, author: str) -> None:
        """Remove the author's pinned text."""
        query = "DELETE FROM bulletin WHERE topic = %s AND author = %s AND pinned"
        self._database.ask(lambda connection, _: connection.execute(query, (topic, author)))

    def pinned(self, topic: str) -> Sequence[Pinned]:
        """Every author's pinned text."""
        query = (
            "SELECT author, text, extract(epoch FROM now() - time)::float8 FROM bulletin "
            "WHERE topic = %s AND pinned ORDER BY author"
        )
        rows = self._database.ask(lambda connection, _: connection.execute(query, (topic,)).fetchall())
        return [Pinned(*row) for row in rows]

    def close(self) -> None:
        """Nothing to close: the connection is not the board's."""
