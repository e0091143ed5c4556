"""Recovery of a damaged event log: the file is set aside, and its readable rows are kept."""

import fcntl
import math
import os
import sqlite3
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from typing import Any

from runner.record.sqlite.file import ERRORS, connected

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
# A damaged page ends a reading; the rows behind it are read from the other end.
_READINGS = (
    "SELECT * FROM event NOT INDEXED ORDER BY id",
    "SELECT * FROM event NOT INDEXED ORDER BY id DESC",
)
_TYPES = (str, str, str, str, str, float, str)


def is_damage(error: Exception) -> bool:
    """True if SQLite says that the file itself is damaged."""
    return isinstance(error, UnicodeDecodeError) or getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def set_aside(path: Path) -> Path | None:
    """Rename a damaged log; returns its new path, or None if another process has already renamed it.

    Raises:
        OSError: the file cannot be renamed.
    """
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if not path.exists() or not os.path.samestat(os.fstat(file.fileno()), path.stat()):
            return None
        names = (path.with_name(f"{path.stem}.damaged-{number}{path.suffix}") for number in count(1))
        aside = next(name for name in names if not name.exists())
        for suffix in ("-wal", "-shm", ""):
            with suppress(FileNotFoundError):
                Path(f"{path}{suffix}").rename(f"{aside}{suffix}")
    return aside


def salvaged(path: Path) -> list[tuple[Any, ...]]:
    """The intact rows of a damaged log, without their ids, in order."""
    found: dict[int, tuple[Any, ...]] = {}
    with suppress(*ERRORS), closing(connected(path)) as connection:
        for reading in _READINGS:
            with suppress(*ERRORS):
                for row in connection.execute(reading):
                    if is_whole(row[1:]):
                        found[row[0]] = row[1:]
    return [found[number] for number in sorted(found)]


def is_whole(row: tuple[Any, ...]) -> bool:
    """True if this program could have written the row, which is without its id."""
    return tuple(map(type, row)) == _TYPES and math.isfinite(row[_TYPES.index(float)])


def set_aside_earlier(path: Path) -> list[Path]:
    """The damaged files set aside earlier, which may hold learners' events."""
    return sorted(path.parent.glob(f"{path.stem}.damaged-*{path.suffix}*"))
