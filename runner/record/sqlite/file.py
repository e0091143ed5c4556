"""The file of a record or a board."""

import os
from contextlib import suppress
from pathlib import Path


def create(path: Path) -> None:
    """Create an empty file that only its owner can read, if there is none; SQLite's other files get its permissions.

    The folder may be open to others, for an engine's sake. An existing file is not even opened: to close it would drop
    all locks that SQLite holds on it for this process.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
