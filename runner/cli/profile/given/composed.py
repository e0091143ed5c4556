"""Compose files that are laid over each other, and the one that `docker compose` adds by itself."""

import os
import sys

from runner.cli.profile.given.inputs import MAX_HOLDER_BYTES, Found, read_bytes
from runner.cli.profile.given.within import readings_of
from runner.profile.errors import ProfileError
from runner.profile.holders.find import File, find_in_compose
from runner.profile.source.encoding import text_of

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from runner.profile.holders import Holding

_MAIN = frozenset(("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"))
_OVERRIDES = (
    *("compose.override.yml", "compose.override.yaml"),
    *("docker-compose.override.yml", "docker-compose.override.yaml"),
)
"""The names that `docker compose` looks for, the first one first."""
_ABOUT_SECCOMP = ("security_opt", "privileged")


def composed(files: list[str], name: str, picked: str) -> list[Found]:
    """Read the profiles of several compose files, whose paths are relative to the first one.

    Raises:
        ProfileError: there is none, none has the name `picked`, or a file cannot be read.
    """
    return readings_of(held_by(files), files[0], name, picked)


def held_by(files: list[str]) -> "Holding":
    """What several compose files hold, each laid over those before it.

    Raises:
        ProfileError: a file cannot be read, or is no compose file.
    """
    return find_in_compose([File(file, text_of(read_bytes(file, MAX_HOLDER_BYTES))) for file in files])


def note_override(file: str) -> None:
    """Print a note if `docker compose` lays another file over this one, and that is about seccomp."""
    folder, own = os.path.split(file)
    if own not in _MAIN:
        return
    beside = (os.path.join(folder, name) for name in _OVERRIDES)  # noqa: PTH118 - as inputs.py: pathlib is slow
    over = next(filter(os.path.isfile, beside), "")
    try:
        text = text_of(read_bytes(over, 1 << 20)) if over else ""
    except ProfileError:
        return
    if any(word in text for word in _ABOUT_SECCOMP):
        print(
            f"note: {file}: `docker compose` lays {over} over it, which is not read; name both: {file}:{over}",
            file=sys.stderr,
        )
