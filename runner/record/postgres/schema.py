"""The tables of a class in a database."""

from typing import Any

import psycopg
from psycopg import sql

from runner.record.rows import COLUMNS

VERSION = 1
"""The version of the schema, stored in its own table."""
CHANNEL, BULLETINS = "workshop_event", "workshop_bulletin"
"""The channels on which news is notified."""
GATE = 0x776F726B73686F70
"""The advisory lock that writers share, and that a follower takes alone for a moment."""
LIMITS = "SELECT set_config('statement_timeout', '5s', true), set_config('lock_timeout', '3s', true)"
"""Begins a query that may wait for others, in a transaction; more of what it selects may follow."""

_NAMES = [name.strip() for name in COLUMNS.split(",")]
_TABLES = (
    sql.SQL("CREATE TABLE event (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {})").format(
        sql.SQL(", ").join(
            sql.SQL("{} {} NOT NULL").format(
                sql.Identifier(name), sql.SQL("double precision" if name == "time" else "text")
            )
            for name in _NAMES
        )
    ),
    sql.SQL("CREATE INDEX event_learner ON event (learner, id)"),
    sql.SQL(
        "CREATE TABLE received (learner text NOT NULL, record text NOT NULL, number bigint NOT NULL, "
        "PRIMARY KEY (learner, record))"
    ),
    sql.SQL(
        "CREATE TABLE bulletin (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic text NOT NULL, "
        "author text NOT NULL, text text NOT NULL, time timestamptz NOT NULL DEFAULT now(), pinned boolean NOT NULL)"
    ),
    sql.SQL("CREATE UNIQUE INDEX bulletin_pinned ON bulletin (topic, author) WHERE pinned"),
    sql.SQL("CREATE TABLE workshop_record (version integer NOT NULL)"),
    sql.SQL("INSERT INTO workshop_record VALUES ({})").format(sql.Literal(VERSION)),
)


def prepare(connection: "psycopg.Connection[Any]") -> int:
    """Create the missing tables; returns their version. A user with write access alone can do this too.

    Raises:
        psycopg.Error: the tables cannot be created or read.
    """
    found = _version(connection)
    if found is not None:
        return found
    with connection.transaction():
        # If two clients come first together, one of them creates the tables.
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (GATE,))
        if (found := _version(connection)) is None:
            for statement in _TABLES:
                connection.execute(statement)
    return VERSION if found is None else found


def _version(connection: "psycopg.Connection[Any]") -> int | None:
    # Not with to_regclass, which may answer from before it waited for the lock.
    query = (
        "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'workshop_record' AND pg_table_is_visible(oid))"
    )
    there = connection.execute(query).fetchone()
    if not there or not there[0]:
        return None
    version = connection.execute("SELECT version FROM workshop_record").fetchone()
    return int(version[0]) if version else 0
