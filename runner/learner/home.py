"""Where what a learner keeps between runs is."""

import getpass
import os
from collections.abc import Mapping
from pathlib import Path

OVERRIDE = "WORKSHOP_STATE_DIR"
"""The environment variable that names the folder itself, so that several learners can share one account."""
_NAME = "seccomp-workshop"


def state_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The program's folder below the XDG state directory; not created here."""
    environ = os.environ if environ is None else environ
    if override := environ.get(OVERRIDE):
        return Path(override).absolute()
    base = environ.get("XDG_STATE_HOME", "")
    # The specification has relative paths ignored.
    folder = Path(base) if Path(base).is_absolute() else Path.home() / ".local/state"
    return folder / _NAME


def progress_file(state: Path) -> Path:
    """The event log in the state folder."""
    return state / "progress.sqlite3"


def lab_folder(state: Path, workshop: str, lab: str) -> Path:
    """What is kept of one lab."""
    return state / "work" / workshop / lab


def learner_name() -> str:
    """What the log calls whoever sits here."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "learner"
