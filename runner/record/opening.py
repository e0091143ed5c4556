"""Opens the store at a named place: a file, or the address of a database."""

from pathlib import Path

from runner.errors import UsageError
from runner.extras import how_to_add
from runner.record.bulletin import BulletinBoard
from runner.record.sqlite.board import SqliteBoard
from runner.record.sqlite.store import SqliteStore
from runner.record.store import EventStore

SCHEMES = ("postgresql://", "postgres://")


def is_database(place: str) -> bool:
    """True if the place is the address of a database."""
    return place.startswith(SCHEMES)


def open_store(place: str) -> EventStore:
    """The store at the place; it is created on the first write.

    Raises:
        UsageError: the address is not a database's, or the database driver is not installed.
    """
    if not is_database(place):
        return SqliteStore(Path(place))
    try:
        from runner.record.postgres.store import PostgresStore  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "a record in a database needs a Python package that is not installed: psycopg",
            remedy=how_to_add("hub"),
        ) from error
    return PostgresStore(place)


def open_board(place: str, store: EventStore) -> BulletinBoard:
    """The board beside a store that was opened at the same place."""
    if isinstance(store, SqliteStore):
        return SqliteBoard(Path(place))
    from runner.record.postgres.board import PostgresBoard  # noqa: PLC0415
    from runner.record.postgres.store import PostgresStore  # noqa: PLC0415 - an extra

    assert isinstance(store, PostgresStore)
    return PostgresBoard(store.database)
