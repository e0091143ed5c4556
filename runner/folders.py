"""The program's folders, where the XDG base directory specification puts them; none is created here."""

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

from runner.errors import UsageError

NAME = "seccomp-workshop"
STATE_OVERRIDE = "WORKSHOP_STATE_DIR"
"""The environment variable that names the state folder itself, so that several learners can share one account."""


def home(environ: Mapping[str, str] | None = None) -> Path:
    """The user's home folder.

    Raises:
        UsageError: the environment names none, and the system has none for this user.
    """
    environ = os.environ if environ is None else environ
    named = environ.get("HOME", "")
    if Path(named).is_absolute():
        return Path(named)
    try:
        return Path(pwd.getpwuid(os.getuid()).pw_dir)
    except KeyError as error:
        raise UsageError(
            "this user has no home folder", remedy="set HOME to a folder that can be written to"
        ) from error


def state_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of a learner's files between runs."""
    environ = os.environ if environ is None else environ
    if override := environ.get(STATE_OVERRIDE):
        return Path(override).absolute()
    return state_home(environ) / NAME


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of data that can be rebuilt: images, parsed workshops, and profiles for engines."""
    return cache_home(environ) / NAME


def data_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of workshops that the user has installed."""
    return _base(os.environ if environ is None else environ, "XDG_DATA_HOME", ".local/share") / NAME


def cache_home(environ: Mapping[str, str] | None = None) -> Path:
    """The folder in which all programs of this user keep data that can be rebuilt."""
    return _base(os.environ if environ is None else environ, "XDG_CACHE_HOME", ".cache")


def config_home(environ: Mapping[str, str] | None = None) -> Path:
    """The folder in which all programs of this user keep their settings."""
    return _base(os.environ if environ is None else environ, "XDG_CONFIG_HOME", ".config")


def state_home(environ: Mapping[str, str] | None = None) -> Path:
    """The folder in which all programs of this user keep their state."""
    return _base(os.environ if environ is None else environ, "XDG_STATE_HOME", ".local/state")


def runtime_home(environ: Mapping[str, str] | None = None, *, uid: int | None = None) -> Path | None:
    """The folder in which programs of this user put sockets, if the system has made one.

    `su` and `sudo` may leave the earlier user's variable: a folder of another user does not count.
    """
    named = (os.environ if environ is None else environ).get("XDG_RUNTIME_DIR", "")
    if not Path(named).is_absolute():
        return None
    try:
        owner = Path(named).stat().st_uid
    except OSError:
        return Path(named)
    return Path(named) if owner == (os.geteuid() if uid is None else uid) else None


def _base(environ: Mapping[str, str], variable: str, below_home: str) -> Path:
    named = environ.get(variable, "")
    # The specification has relative paths ignored.
    return Path(named) if Path(named).is_absolute() else home(environ) / below_home
