"""The reason why a private engine ended: written to a file by its supervisor; without that file, inferred."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from runner.ambient_limits import GROUPS, AmbientLimits
from runner.engine.api import Loss
from runner.engine.private.failures import last_words
from runner.engine.private.places import Places
from runner.files import replace_text

_KILLED, _SHELL_KILLED = -9, 128 + 9
_NO_PROCESS = re.compile(
    r"failed to create new OS thread|newosproc|pthread_create failed|fork/exec \S+: resource temporarily unavailable"
)
_LAST = 20_000
"""The length (characters) of the last part of a log, which shows the cause of the end."""
_FREE_MEMORY = "end programs that take much memory, and remove large files from /tmp"
_FREE_PROCESSES = "end programs that start many"
_FULL = re.compile(r"no space left on device", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tally:
    """The kernel's counts for a process's control groups: processes killed for memory, and processes refused."""

    killed: int = 0
    refused: int = 0

    def since(self, before: "Tally") -> "Tally":
        """The difference to an earlier count."""
        return Tally(self.killed - before.killed, self.refused - before.refused)


def tally_of(pid: int | str, groups: Path = GROUPS, proc: Path = Path("/proc")) -> Callable[[], Tally]:
    """Return a function that counts interventions in the groups that a process is in now, even once it has ended."""
    killed, refused = [], []
    try:
        lines = (proc / str(pid) / "cgroup").read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        _, controllers, place = line.split(":", 2)
        for folder in _upwards(groups / controllers, place):
            if not controllers or controllers == "memory":
                killed.append(folder / ("memory.oom_control" if controllers else "memory.events.local"))
            if not controllers or controllers == "pids":
                refused.append(folder / "pids.events")
    return lambda: Tally(
        sum(_count(file, "oom_kill") for file in killed), sum(_count(file, "max") for file in refused)
    )


def _upwards(root: Path, place: str) -> list[Path]:
    """The folder of a group, and those of the groups above it."""
    folder = root / place.lstrip("/")
    return [folder, *(path for path in folder.parents if path.is_relative_to(root))]


def _count(file: Path, name: str) -> int:
    try:
        found = re.search(rf"^{name} (\d+)$", file.read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def daemon_loss(status: int, log: str, tally: Tally) -> Loss:
    """The reason why a daemon ended with a status; `log` is its whole output."""
    if status in {_KILLED, _SHELL_KILLED}:
        return _starved(tally) or Loss("it was killed (signal 9)")
    if _NO_PROCESS.search(log) or tally.refused:
        return _crowded()
    if _FULL.search(log[-_LAST:]):
        return Loss("its disk is full", "remove what takes much of it, such as images: docker system prune")
    values = {"status": str(status)}
    if words := last_words(log):
        return Loss("it ended with status {status}: {words}", values={**values, "words": words})
    return Loss("it ended with status {status}", values=values)


def supervisor_loss(tally: Tally) -> Loss:
    """The reason why an engine ended whose supervisor wrote none."""
    return _starved(tally) or Loss("its supervisor was killed (signal 9)")


def _starved(tally: Tally) -> Loss | None:
    """The reason for a killed engine, if the kernel killed it for lack of memory."""
    if not tally.killed:
        return None
    memory = AmbientLimits.of().memory
    if memory is None:
        return Loss("memory ran out, and the kernel ended a part of it", _FREE_MEMORY)
    return Loss(
        "memory ran out ({size} MB for all that runs here), and the kernel ended a part of it",
        _FREE_MEMORY,
        values={"size": str(memory // 2**20)},
    )


def _crowded() -> Loss:
    pids = AmbientLimits.of().pids
    if pids is None:
        return Loss("no more processes could be started", _FREE_PROCESSES)
    return Loss(
        "no more processes could be started ({number} for all that runs here)",
        _FREE_PROCESSES,
        values={"number": str(pids)},
    )


def write(places: Places, pid: int, loss: Loss) -> None:
    """Record the reason why the engine with this process id has ended, for its users."""
    with suppress(OSError):
        replace_text(_file(places), json.dumps({"pid": pid, **asdict(loss)}))


def read(places: Places, pid: int) -> Loss | None:
    """The recorded reason for the engine with this process id; None if there is none."""
    try:
        found = json.loads(_file(places).read_text())
        if found.pop("pid") == pid:
            return Loss(**found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return None


def remove(places: Places) -> None:
    """Remove the record of an earlier engine."""
    with suppress(OSError):
        _file(places).unlink(missing_ok=True)


def _file(places: Places) -> Path:
    return places.runtime / "ended.json"
