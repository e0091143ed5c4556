"""An engine beside the private one, for one process: with its own default profile, and removed afterwards."""

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.engine.owner import Owner
from runner.engine.private import leases
from runner.engine.private.places import Places
from runner.engine.programs import find
from runner.errors import EngineError
from runner.files import remove_tree

_PREFIX = "apart-"
_OWNER = "owner"


@contextmanager
def engine_apart(
    *, profile: str = "", beside: Places | None = None, progress: Callable[[str], None] = lambda _line: None
) -> Iterator[leases.Lease]:
    """Start an engine for this process only, and end it; it has no images.

    `profile` is the JSON content of its containers' default profile; "" for the one in its code. The engine, its
    containers and its folders are removed when this process ends, however it ends.

    Raises:
        EngineError: it cannot be started; the message has the reason.
    """
    base = beside or Places.default()
    base.prepare()
    sweep(base)
    places = _new(base)
    try:
        places.prepare()
        if profile:
            places.profile.write_text(profile, encoding="utf-8")
        lease = leases.acquire(places, progress)
        try:
            yield lease
        finally:
            lease.release()
    finally:
        remove(places)


def sweep(beside: Places) -> int:
    """Remove the leftovers of separate engines that were killed with their supervisors, and return their number."""
    found = [_places(beside, folder) for folder in beside.data.glob(f"{_PREFIX}*")]
    dead = [places for places in found if _is_dead(places)]
    for places in dead:
        remove(places)
    return len(dead)


def is_apart(places: Places) -> bool:
    """True if an engine's folders must be removed with it."""
    return (places.data / _OWNER).exists()


def remove(places: Places) -> None:
    """Remove the folders of a separate engine that has ended."""
    for folder in (places.runtime, places.data):
        remove_tree(folder)
        # Files that containers wrote may belong to ids that an ordinary user has only in a user namespace.
        if folder.exists() and os.geteuid() and (rootlesskit := find("rootlesskit")):
            subprocess.run([rootlesskit, "rm", "-rf", str(folder)], capture_output=True, check=False)


def _places(beside: Places, data: Path) -> Places:
    # Not both in one folder: the path of a socket must be short.
    return Places(data, beside.runtime / data.name)


def _new(beside: Places) -> Places:
    try:
        data = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=beside.data))
        (data / _OWNER).write_text(str(Owner.current()), encoding="utf-8")
        data.chmod(0o711)  # the daemon is another user
    except OSError as error:
        raise EngineError(f"cannot make a folder for an engine in {beside.data}: {error.strerror}") from error
    return _places(beside, data)


def _is_dead(places: Places) -> bool:
    try:
        owner = Owner.parse((places.data / _OWNER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False  # it is just being created
    return owner is not None and owner.is_dead() and leases.status(places) is None
