"""Locks on files, and the processes that hold them."""

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

from runner.engine.processes import pids

_PROC = Path("/proc")
_POLL_SECONDS = 0.02


def is_locked(file: Path) -> bool:
    """True if a process holds a lock on this file; False if there is no such file."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def is_free_within(file: Path, seconds: float) -> bool:
    """Wait until no process holds a lock on this file; False if one still does after `seconds`."""
    deadline = time.monotonic() + seconds
    while is_locked(file):
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def holders(file: Path) -> list[int]:
    """The processes that hold a lock on this file, of those that this user may examine."""
    try:
        wanted = file.stat()
    except OSError:
        return []
    return [pid for pid in pids() if pid != os.getpid() and _holds(pid, wanted)]


def _holds(pid: int, wanted: os.stat_result) -> bool:
    process = _PROC / str(pid)
    with suppress(OSError):
        for descriptor in (process / "fd").iterdir():
            with suppress(OSError):  # it is closed by now
                # A process that waits for the lock has the file open too.
                if (
                    os.path.samestat(descriptor.stat(), wanted)
                    and "lock:" in (process / "fdinfo" / descriptor.name).read_text()
                ):
                    return True
    return False
