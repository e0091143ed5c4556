"""The file of a record or a board."""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""The errors of SQLite; Python cannot decode the message on some damaged files."""


def connected(place: Path | str, **options: Any) -> sqlite3.Connection:
    """A connection that reads every text: one damaged byte must not hide the rest of a file."""
    connection: sqlite3.Connection = sqlite3.connect(place, **options)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    return connection


def create(path: Path) -> None:
    """Create an empty file that only its owner can read, if there is none; SQLite's other files get its permissions.

    The folder may be open to others, for an engine's sake. An existing file is not even opened: to close it would drop
    all locks that SQLite holds on it for this process.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
