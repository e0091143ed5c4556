"""The paths of a learner's files between runs."""

import getpass
from pathlib import Path

from runner.errors import printable


def progress_file(state: Path) -> Path:
    """The event log in the state folder."""
    return state / "progress.sqlite3"


def lab_folder(state: Path, workshop: str, lab: str) -> Path:
    """The folder of one lab."""
    return state / "work" / workshop / lab


def learner_name() -> str:
    """The name in the log of the person at this machine."""
    try:
        return printable(getpass.getuser())  # the environment may hold any bytes
    except (KeyError, OSError):
        return "learner"
