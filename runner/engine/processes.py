"""The engine's processes as /proc shows them: finding what hangs, and ending it."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def pids() -> Iterator[int]:
    """Every process that can be seen."""
    return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal())


def arguments(pid: int) -> list[str]:
    """The process's argument list; empty for kernel threads and for the dead."""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def descendants(root: int) -> list[int]:
    """The processes below `root`, parents before children."""
    children: dict[int, list[int]] = {}
    for pid in pids():
        with suppress(OSError, ValueError, IndexError):
            parent = int((_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(pid)
    found = list(children.get(root, ()))
    for pid in found:
        found += children.get(pid, ())
    return found


def shims(container: str) -> list[int]:
    """The processes that watch over the container with this full id, in whatever engine on this machine."""
    return [pid for pid in pids() if container in (words := arguments(pid)) and _is_shim(words[0])]


def _is_shim(program: str) -> bool:
    """Whether it is containerd's (`containerd-shim-runc-v2`) or Podman's."""
    return Path(program).name.startswith(("containerd-shim", "docker-containerd-shim", "conmon"))


def kill_runtime(container: str) -> int:
    """End the low-level runtime's processes (`runc create`, `runc init`) on the container; how many there were.

    Its own processes are left to the engine, which removes them once the runtime lets go.
    """
    stuck = {pid for shim in shims(container) for pid in descendants(shim) if _is_runtime(pid)}
    return sum(_kill(pid) for pid in stuck)


def kill_inside(container: str, engine_pid: int) -> bool:
    """Kill the container's process that the engine knows as `engine_pid` and all below it; False if not found.

    The engine may count in a pid namespace of its own, which is the shim's: `NSpid` lists a process's number in each
    one, and the container's own numbers must not be mistaken for the engine's.
    """
    for shim in shims(container):
        level = len(namespaced(shim)) - 1
        for pid in descendants(shim):
            if namespaced(pid)[level : level + 1] == [engine_pid]:
                ended = [_kill(target) for target in (pid, *descendants(pid))]
                return any(ended)
    return False


def namespaced(pid: int) -> list[int]:
    """The process's numbers, from our pid namespace to its innermost one."""
    with suppress(OSError, ValueError):
        for line in (_PROC / str(pid) / "status").read_text().splitlines():
            if line.startswith("NSpid:"):
                return [int(word) for word in line.split()[1:]]
    return []


def _is_runtime(pid: int) -> bool:
    words = arguments(pid)
    return bool(words) and Path(words[0]).name in {"runc", "crun"}


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return False
    return True
