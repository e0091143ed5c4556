"""Folders that last for a session; the next session removes those of a killed one."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from runner.engine.owner import Owner
from runner.errors import UsageError, WorkshopError
from runner.files import is_ours_alone, remove_tree
from runner.language import tr
from runner.paths import why

_OWNER = "owner"
_NAMED = ("TMPDIR", "TEMP", "TMP")
"""The variables that may name the folder for temporary files."""
_USUAL = ("/tmp", "/var/tmp", "/usr/tmp")  # noqa: S108 - a base that is not ours alone is not used
"""The folders that are tried after those, as Python does."""


def new_scratch() -> Path:
    """A new folder of this process, private to this user."""
    base = _base()
    try:
        base.mkdir(mode=0o700, exist_ok=True)
        if not _is_ours(base):
            raise UsageError(
                f"{base} is not a folder of this user's alone", remedy="set TMPDIR to a folder of your own"
            )
        with _lock(base):
            folder = Path(tempfile.mkdtemp(dir=base))
            try:
                (folder / _OWNER).write_text(str(Owner.current()), encoding="utf-8")
            except BaseException:
                remove_tree(folder)
                raise
    except OSError as error:
        raise WorkshopError(
            f"cannot make a folder in {base}: {error.strerror}",
            remedy="free some space, or set TMPDIR to a folder with room",
        ) from error
    return folder


@contextmanager
def scratch() -> Iterator[Path]:
    """A scratch folder, while the block runs."""
    folder = new_scratch()
    try:
        yield folder
    finally:
        remove_tree(folder)


def sweep_scratch(tell: Callable[[str], None] = lambda _line: None) -> int:
    """Remove the folders of processes that have died; returns the number removed, and tells those that stay."""
    removed = 0
    for folder in (folder for base in _bases() for folder in _orphans(base)):
        if (error := remove_tree(folder)) is None:
            removed += 1
        else:
            tell(f"cannot remove {folder}: {why(error)}")
    return removed


def _orphans(base: Path) -> list[Path]:
    """The folders of processes that have died; none if the base is missing, or is not this user's alone."""
    try:
        if not _is_ours(base):
            return []
        with _lock(base):
            return [folder for folder in base.glob("*/") if _is_orphan(folder)]
    except OSError:
        return []


def _is_ours(base: Path) -> bool:
    """True if nobody else has put the folder there, or can put anything into it.

    Raises:
        OSError: there is none.
    """
    found = base.lstat()
    return stat.S_ISDIR(found.st_mode) and is_ours_alone(found)


def _is_orphan(folder: Path) -> bool:
    """True if its owner has died; call it under the lock, where each owner is named or was killed before that."""
    try:
        text = (folder / _OWNER).read_text(encoding="utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, ValueError):
        return False
    owner = Owner.parse(text)
    return owner.is_dead() if owner is not None else not text


@contextmanager
def _lock(base: Path) -> Iterator[None]:
    """A lock: only one process at a time creates or examines folders."""
    lock = os.open(base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _base() -> Path:
    """The place for new folders.

    Raises:
        WorkshopError: no folder for temporary files can be written to.
    """
    try:
        return _below(tempfile.gettempdir())
    except FileNotFoundError as error:
        raise WorkshopError(
            tr("no folder for temporary files can be written to: {folders}", folders=", ".join(_places())),
            remedy=tr("free some space there, or set TMPDIR to a folder with room"),
        ) from error


def _bases() -> list[Path]:
    """Every place that may have folders, also while nothing can be written there."""
    bases = [*map(_below, _places())]
    with suppress(WorkshopError):
        bases.append(_base())
    return list(dict.fromkeys(bases))


def _places() -> list[str]:
    named = (os.environ.get(name, "") for name in _NAMED)
    return [*filter(None, named), *_USUAL]


def _below(place: str) -> Path:
    return Path(os.path.realpath(place), f"seccomp-workshop-{os.getuid()}")
