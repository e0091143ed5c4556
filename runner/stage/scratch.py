"""Folders for the time of a session, which the next session removes should this one be killed."""

import os
import shutil
import tempfile
from pathlib import Path

from runner.engine.owner import Owner
from runner.errors import UsageError, WorkshopError

_OWNER = "owner"


def new_scratch() -> Path:
    """A new folder of this process, private to this user."""
    base = _base()
    try:
        base.mkdir(mode=0o700, exist_ok=True)
        if base.stat().st_uid != os.getuid() or base.is_symlink():
            raise UsageError(f"{base} belongs to another user", remedy="set TMPDIR to a folder of your own")
        folder = Path(tempfile.mkdtemp(dir=base))
        try:
            (folder / _OWNER).write_text(str(Owner.current()), encoding="utf-8")
        except BaseException:
            # Without its owner's name nobody would ever know that it can go.
            shutil.rmtree(folder, ignore_errors=True)
            raise
    except OSError as error:
        raise WorkshopError(
            f"cannot make a folder in {base}: {error.strerror}",
            remedy="free some space, or set TMPDIR to a folder with room",
        ) from error
    return folder


def sweep_scratch() -> int:
    """Remove the folders of processes that have died; how many there were."""
    removed = 0
    for folder in _base().glob("*/"):
        try:
            owner = Owner.parse((folder / _OWNER).read_text(encoding="utf-8"))
        except OSError:
            continue
        if owner is not None and owner.is_dead():
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _base() -> Path:
    return Path(tempfile.gettempdir()).resolve() / f"seccomp-workshop-{os.getuid()}"
