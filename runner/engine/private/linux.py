"""Linux calls that Python has no function for: mounts, namespaces, and a child's death signal."""

import ctypes
import os
import signal
from pathlib import Path

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x1, 0x2, 0x4, 0x8
MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE, MS_SLAVE = 0x20, 0x1000, 0x4000, 0x40000, 0x80000
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
_MNT_DETACH = 2
_PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def mount(
    source: str | Path | None, target: str | Path, kind: str = "", flags: int = 0, options: str = ""
) -> None:
    """Call mount(2); OSError has the target as its file name."""
    result = _libc.mount(
        _text(source), _text(target), _text(kind or None), ctypes.c_ulong(flags), _text(options or None)
    )
    _check(result, f"mount {target}")


def bind(source: str | Path, target: str | Path, *, read_only: bool = False) -> None:
    """Mount `source` with the mounts below it at `target`; with `read_only`, its top is read-only.

    No other restriction is added. A daemon passes `docker-init` from there to containers, where runc mounts it with the
    restriction read-only only; in a further user namespace the kernel refuses that if the mount has other restrictions.
    """
    mount(source, target, flags=MS_BIND | MS_REC)
    if read_only:
        kept = os.statvfs(target).f_flag & (MS_NOSUID | MS_NODEV | MS_NOEXEC)
        mount(None, target, flags=MS_BIND | MS_REMOUNT | MS_RDONLY | kept)


def enter_root(folder: Path) -> None:
    """Make `folder`, a mount point, the root of this mount namespace, and detach the old root."""
    os.chdir(folder)
    _check(_libc.pivot_root(b".", b"."), "pivot_root")
    # The old root now covers the new one.
    _check(_libc.umount2(b".", _MNT_DETACH), "umount")
    os.chdir("/")


def unshare(flags: int) -> None:
    """Call unshare(2)."""
    _check(_libc.unshare(ctypes.c_int(flags)), "unshare")


def die_with_parent() -> None:
    """Have this process killed when its parent ends; a change of user cancels that."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _text(value: str | Path | None) -> bytes | None:
    return None if value is None else os.fsencode(value)


def _check(result: int, doing: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), doing)
