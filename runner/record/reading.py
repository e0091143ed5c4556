"""Reading other people's records without changing them."""

import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from runner.errors import UsageError, WorkshopError
from runner.paths import Kind, look, why
from runner.record.event import Event, cleaned, shortened
from runner.record.opening import open_store
from runner.record.rows import COLUMNS, Row, event_of
from runner.record.sqlite.file import ERRORS, connected
from runner.record.sqlite.recovery import is_whole, salvaged
from runner.record.sqlite.rows import VERSION

_PAGE = 5000
_REMEDY = "name a record: a class's or a learner's *.sqlite3, or the folder that has it"


def record_files(path: Path) -> list[Path]:
    """The records at a path: that file, or those of a folder, except damaged ones that were set aside.

    Raises:
        UsageError: there is no record.
    """
    found = look(path)
    if found.kind is Kind.FOLDER:
        files = sorted(file for file in path.glob("*.sqlite3") if ".damaged-" not in file.name)
        if not files:
            raise UsageError(f"{path}: no record in this folder", remedy=_REMEDY)
        return files
    if found.kind is not Kind.FILE:
        raise UsageError(f"{path}: {found.problem or 'not a file'}", remedy=_REMEDY)
    return [path]


def read_record(path: Path) -> tuple[list[Event], str]:
    """All events of a record in their order, and what is wrong with it, "" if nothing is.

    Raises:
        UsageError: the file is not a record, or is one of another version.
    """
    address = f"file:{quote(str(path.resolve()))}?mode=ro"
    # A record in use has its newest events in a file beside it. One that is not can be read in a read-only folder.
    in_use = path.with_name(f"{path.name}-wal").exists()
    for options in ("", "&immutable=1") if in_use else ("&immutable=1",):
        with (
            suppress(sqlite3.OperationalError),
            closing(connected(address + options, uri=True)) as connection,
        ):
            try:
                stale = "its newest events may be missing: it is in use, and cannot be read with them"
                return _rows(connection, path), f"{path}: {stale}" if in_use and options else ""
            except ERRORS as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                break
    try:
        database = _is_database(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {why(error)}", remedy="check its permissions") from error
    if not database:
        raise UsageError(f"{path}: not a record", remedy=_REMEDY)
    rows = salvaged(path)
    return [_cleaned(row) for row in rows], f"{path} is damaged: {len(rows)} events of it could be read"


def read_database(address: str) -> list[Event]:
    """All events of a record in a database, in their order.

    Raises:
        UsageError: the address is not a database's, or the driver is not installed.
        WorkshopError: the database cannot be reached now.
    """
    events: list[Event] = []
    place = 0
    with closing(open_store(address)) as store:
        while found := store.after(place, _PAGE):
            events += (_made_safe(event) for _, event in found)
            place = found[-1][0]
        if store.trouble:
            raise WorkshopError(store.trouble, remedy="see that it runs, and that you may read there")
    return events


def _rows(connection: sqlite3.Connection, path: Path) -> list[Event]:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "event" not in tables:
        raise UsageError(f"{path}: not a record", remedy=_REMEDY)
    if version != VERSION:
        raise UsageError(
            f"{path} has version {version}, and this program reads version {VERSION}",
            remedy="update workshop",
        )
    query = f"SELECT {COLUMNS} FROM event ORDER BY id"  # noqa: S608 (the columns are ours)
    return [_cleaned(row) for row in connection.execute(query) if is_whole(row)]


def _cleaned(row: Row) -> Event:
    return _made_safe(event_of(row))


def _made_safe(event: Event) -> Event:
    """The event with texts that are safe to show: anyone may have made the record."""
    return replace(
        event,
        learner=shortened(event.learner),
        workshop=shortened(event.workshop),
        lab=shortened(event.lab),
        step=shortened(event.step),
        happening=cleaned(event.happening),
    )


def _is_database(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(15) == b"SQLite format 3"
