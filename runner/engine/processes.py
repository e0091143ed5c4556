"""The engine's processes as /proc shows them: finding those that hang, and ending them."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_PROC = Path("/proc")
_RUNTIMES = frozenset({"runc", "crun"})
_FOR_BEGIN = frozenset({"wait_for_partner", "fifo_open"})
"""The kernel's functions in which the runtime waits, at a FIFO, for the engine to begin the container's program."""


def pids() -> Iterator[int]:
    """Every visible process."""
    return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal())


def arguments(pid: int) -> list[str]:
    """The process's argument list; empty for kernel threads and for the dead."""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def descendants(root: int) -> list[int]:
    """The processes below `root`, parents before children."""
    children = _children()
    found = list(children.get(root, ()))
    for pid in found:
        found += children.get(pid, ())
    return found


def _children() -> dict[int, list[int]]:
    """Every process that has children, with its children."""
    children: dict[int, list[int]] = {}
    for pid in pids():
        with suppress(OSError, ValueError, IndexError):
            parent = int(
                (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
            )
            children.setdefault(parent, []).append(pid)
    return children


def shims(container: str) -> list[int]:
    """The processes that manage the container with this full id, for any engine on this machine."""
    return [pid for pid in pids() if container in (words := arguments(pid)) and _is_shim(words[0])]


def bundles(container: str) -> Iterator[Path]:
    """The folder with the container's `config.json`, for each process that manages it.

    Its place differs between engines (newer ones number their users' folders), and private ones have their own mounts;
    but it is the working folder of containerd's shim, and an argument of Podman's.
    """
    for shim in shims(container):
        root, words = _PROC / str(shim), arguments(shim)
        if "-b" in words[:-1]:
            yield root / "root" / words[words.index("-b") + 1].lstrip("/")
        yield root / "cwd"


def _is_shim(program: str) -> bool:
    """True for containerd's shim (`containerd-shim-runc-v2`) or Podman's."""
    return Path(program).name.startswith(("containerd-shim", "docker-containerd-shim", "conmon"))


def kill_runtime(container: str) -> int:
    """End the low-level runtime's processes (`runc create`, `runc init`) for the container, and return their number.

    The container's own processes are left to the engine, which removes them once the runtime has ended.
    """
    return sum(_kill(pid) for pid in set(_runtimes(container)))


def kill_leaderless(container: str) -> int:
    """End the container's processes whose first thread has died before others, and return their number.

    A filter that kills threads leaves such a process. Engines believe it dead and never end it.
    """
    stuck = {pid for shim in shims(container) for pid in descendants(shim) if _is_leaderless(pid)}
    return sum(_kill(pid) for pid in stuck)


def kill_leaderless_orphans(init: int) -> int:
    """End such processes that `init` has inherited from containers gone with their shims; return their number."""
    return sum(_kill(pid) for pid in _children().get(init, ()) if _is_leaderless(pid))


def has_leaderless(container: str) -> bool:
    """True if a filter has killed the first thread of one of the container's processes, but not the others."""
    return any(_is_leaderless(pid) for shim in shims(container) for pid in descendants(shim))


def _is_leaderless(pid: int) -> bool:
    with suppress(OSError, IndexError):
        fields = (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
        return fields[0] == "Z" and int(fields[17]) > 1
    return False


def runtime_stands_still(container: str, *, seconds: float) -> bool:
    """True if the low-level runtime exists and is idle for `seconds`: its threads sleep and use no processor time.

    So do those of its hooks, which it may wait for. False if it waits for the engine to begin the program, and if it is
    not visible, as on another machine's engine.
    """
    until = time.monotonic() + seconds
    before = _ticks_at_rest(container)
    while before is not None and time.monotonic() < until:
        time.sleep(0.1)
        if _ticks_at_rest(container) != before:
            return False
    return before is not None


def waits_of_runtime(container: str) -> str:
    """The kernel's functions that the runtime's threads wait in (`runc in futex_do_wait; …`); "" if none is known."""
    told = []
    for pid in _runtimes(container):
        places = {thread.waits_in for thread in _threads(pid)} - {""}
        if places:
            told.append(f"{_name(pid)} in {', '.join(sorted(places))}")
    return "; ".join(told)


def _runtimes(container: str) -> list[int]:
    return [pid for shim in shims(container) for pid in descendants(shim) if is_runtime(pid)]


def _ticks_at_rest(container: str) -> tuple[int, ...] | None:
    """The processor time of the threads of the runtime and its hooks, in ticks.

    None if one of them works, if the runtime only waits for the engine to begin the program, and if there is none.
    """
    if all(map(_waits_for_begin, _runtimes(container))):
        return None
    threads = [thread for shim in shims(container) for pid in descendants(shim) for thread in _threads(pid)]
    # One that waits for a disk uses no processor time either, yet goes on by itself.
    if any(thread.state in "RD" for thread in threads):
        return None
    return tuple(thread.ticks for thread in threads) or None


def _waits_for_begin(pid: int) -> bool:
    return any(thread.waits_in in _FOR_BEGIN for thread in _threads(pid))


class _Thread(NamedTuple):
    state: str
    ticks: int
    """Its processor time."""
    waits_in: str
    """The kernel's function that it sleeps in; "" if that is secret or unknown, or it runs."""


def _threads(pid: int) -> Iterator[_Thread]:
    for folder in (_PROC / str(pid) / "task").glob("*"):
        with suppress(OSError, IndexError):
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            yield _Thread(fields[0], int(fields[11]) + int(fields[12]), _waits_in(folder))


def _waits_in(thread: Path) -> str:
    with suppress(OSError):
        place = (thread / "wchan").read_text(errors="replace")
        return "" if place == "0" else place
    return ""


def kill_inside(container: str, engine_pid: int) -> bool:
    """Kill the container's process with the engine's number `engine_pid`, and all below it; False if not found.

    The engine may have its own pid namespace, which is the shim's: `NSpid` lists a process's number in each namespace,
    and the container's numbers must not be confused with the engine's.
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
        for line in (_PROC / str(pid) / "status").read_text(errors="replace").splitlines():
            if line.startswith("NSpid:"):
                return [int(word) for word in line.split()[1:]]
    return []


def is_runtime(pid: int) -> bool:
    """True if it is a low-level runtime at work, and not yet a container's program."""
    words = arguments(pid)
    if words:
        return Path(words[0]).name in _RUNTIMES
    # A process whose first thread was killed has no command line any more, but still its name.
    return _name(pid).partition(":")[0] in _RUNTIMES


def _name(pid: int) -> str:
    """The process's name (`runc:[2:INIT]`); "" if it is gone."""
    with suppress(OSError):
        return (_PROC / str(pid) / "comm").read_text(errors="replace").removesuffix("\n")
    return ""


def _kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return False
    return True
