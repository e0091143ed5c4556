"""The control group that limits all containers of the private engine together, also those started by hand."""

import errno
import hashlib
import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from runner.ambient_limits import GROUPS, AmbientLimits
from runner.files import text_if_any

MAX_PIDS = 8192
MEMORY_SHARE = 0.75
PIDS_SHARE = 0.6
"""The share of the available pids: a container's program that takes all must not bring down the engine and the app."""
_BESIDE = 160 * 2**20
"""Bytes for a box's processes besides containers: 110 MB were measured for the app, the daemon and its supervisor."""
_DELEGATED = ("cgroup.procs", "cgroup.threads", "cgroup.subtree_control", "tasks")
"""Files that must be writable to create groups below: Documentation/admin-guide/cgroup-v2.rst, "Delegation"."""
_DAEMON = "daemon"
_CONTROLLERS = ("+pids", "+memory", "+cpu")
_MOST_GROUPS = {"cgroup.max.descendants": 500, "cgroup.max.depth": 10}
"""Limits on the groups created below: each group costs the kernel memory. Version 1 has no such limit."""
_PREFIX = "seccomp-workshop-"
_OURS = re.compile(rf"{_PREFIX}[0-9a-f]{{8}}")
_YOUNG = 60.0
"""Seconds for which a starting engine may have a group before it has a daemon."""
_PARENT = b"--cgroup-parent=/"
_SHARES = 1024
"""Version 1's default for a group, which corresponds to a weight of 100 in version 2."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of all processes of a group together: bytes of memory, processes, a share of busy processors.

    None is no limit. The default `weight` is 100; `swap` is true if they may use swap space in addition.
    """

    memory: int | None = None
    pids: int | None = None
    weight: int | None = None
    swap: bool = True

    @property
    def unified(self) -> dict[str, int]:
        """The files of the version-2 hierarchy, in the order in which they are written."""
        wanted = {"pids.max": self.pids, "memory.max": self.memory, "cpu.weight": self.weight}
        found = {name: value for name, value in wanted.items() if value is not None}
        return found if self.swap else found | {"memory.swap.max": 0}

    def of_hierarchy(self, name: str) -> dict[str, int]:
        """The files of the version-1 hierarchy of that name."""
        found: dict[str, int] = {}
        controllers = name.split(",")
        if "pids" in controllers and self.pids is not None:
            found["pids.max"] = self.pids
        if "memory" in controllers and self.memory is not None:
            found["memory.limit_in_bytes"] = self.memory
            if not self.swap:
                found["memory.memsw.limit_in_bytes"] = self.memory
        if "cpu" in controllers and self.weight is not None:
            found["cpu.shares"] = self.weight * _SHARES // 100
        return found


@dataclass(frozen=True, slots=True)
class EngineCgroup:
    """A group named after the engine's runtime folder, in every version-1 hierarchy or in the version-2 one."""

    name: str
    root: Path = GROUPS

    @classmethod
    def of(cls, runtime: Path, *, root: Path = GROUPS) -> "EngineCgroup":
        return cls(f"{_PREFIX}{hashlib.sha256(str(runtime).encode()).hexdigest()[:8]}", root)

    @property
    def parent(self) -> str:
        """The value of dockerd's `--cgroup-parent`."""
        return f"/{self.name}"

    @property
    def unified(self) -> bool:
        """True if there is one hierarchy for all controllers: version 2."""
        return (self.root / "cgroup.controllers").exists()

    @property
    def folders(self) -> list[Path]:
        """The group's folders, existing or not."""
        if self.unified:
            return [self.root / self.name]
        return [hierarchy / self.name for hierarchy in self._hierarchies()]

    def create(self, *, owner: int | None = None, memory: int | None = None) -> None:
        """Create the group of an engine, which a daemon with the user id `owner` may divide but not enlarge.

        Without `memory` it gets a large part of the available memory, and leaves the rest to its surroundings.
        """
        around = AmbientLimits.of(self.root)
        share = int(total_memory() * MEMORY_SHARE)
        if around.memory is not None:
            most = min(int(around.memory * MEMORY_SHARE), around.memory - _BESIDE)
            share = min(share, max(most, around.memory // 4))
        pids = MAX_PIDS if around.pids is None else min(MAX_PIDS, int(around.pids * PIDS_SHARE))
        self.divide(Limits(share if memory is None else memory, pids), owner=owner)
        if self.unified:
            # The daemon reads from its own group what the kernel can limit, before it creates any other.
            _pass_on(self.root / self.name)

    def divide(self, limits: Limits, *, owner: int | None = None) -> None:
        """Create the group with its limits; if that is impossible, only each container's own limits apply.

        The user id `owner` may create groups below it, but not change its limits.
        """
        if self.unified:
            group = self.root / self.name
            _pass_on(group.parent)
            bounds = {} if owner is None else _MOST_GROUPS
            _make(group, limits.unified | bounds, owner)
            # A group that has processes cannot have limited groups below it.
            if limits.memory is not None:
                _make(group / _DAEMON, {}, owner)
            return
        for hierarchy in self._hierarchies():
            folder = hierarchy / self.name
            files: dict[str, int | str] = dict(limits.of_hierarchy(hierarchy.name))
            if hierarchy.name == "cpuset":
                files = {name: text_if_any(folder.parent / name) for name in ("cpuset.cpus", "cpuset.mems")}
            _make(folder, files, owner)

    def enter(self) -> None:
        """Move this process to a group where it may put containers beside itself; in version 1 that is any group.

        Raises:
            OSError: the move fails.
        """
        if self.unified:
            (self.root / self.name / _DAEMON / "cgroup.procs").write_text("0")

    def confine(self) -> None:
        """Put this process, and all that it will start, under the group's limits.

        Raises:
            OSError: the move fails.
        """
        for folder in self.folders:
            (folder / "cgroup.procs").write_text("0")

    def kill(self, *, seconds: float = 5.0) -> bool:
        """End every process in the group and below it; False if some are left after `seconds`."""
        deadline = time.monotonic() + seconds
        while found := set(self._processes()):
            for pid in found:
                with suppress(OSError):
                    os.kill(pid, 9)
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def clear(self, *, seconds: float = 5.0) -> bool:
        """End every process in the group, and remove it; False if it stays, as with processes after `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            ended = self.kill(seconds=deadline - time.monotonic())
            if self.remove():
                return True
            # A process that was being started may have entered it since.
            if not ended or next(self._processes(), None) is None or time.monotonic() > deadline:
                return self.remove(seconds=0)

    def remove(self, *, seconds: float = 10.0) -> bool:
        """Remove the group's empty folders from every hierarchy; False if some stay.

        Processes that are just ending are waited for: they keep a folder that lists none any more.
        """
        deadline = time.monotonic() + seconds
        while self._try_to_remove() and time.monotonic() < deadline:
            if next(self._processes(), None) is not None:
                break
            time.sleep(0.02)
        return not any(folder.exists() for folder in self._own_folders())

    def _try_to_remove(self) -> bool:
        """Remove the empty folders; True if the kernel still holds one."""
        held = False
        for folder in self._own_folders():
            for path in groups_from(folder):
                try:
                    path.rmdir()
                except OSError as error:
                    held = held or error.errno == errno.EBUSY
        return held

    def _own_folders(self) -> list[Path]:
        """The group's folders in whatever hierarchies there are."""
        return [self.root / self.name, *self.root.glob(f"*/{self.name}")]

    def remove_if_empty(self, age: float) -> bool:
        """Remove the group if it has no process and has not changed for `age` seconds; True if it is gone."""
        with suppress(OSError):
            folders = filter(Path.exists, self._own_folders())
            if any(time.time() - folder.stat().st_mtime < age for folder in folders):
                return False
        return next(self._processes(), None) is None and self.remove()

    def _processes(self) -> Iterator[int]:
        for folder in self.folders:
            for path in groups_from(folder):
                # A process in a namespace that is not below ours has the number 0.
                yield from (pid for word in text_if_any(path / "cgroup.procs").split() if (pid := int(word)))

    def _hierarchies(self) -> list[Path]:
        return sorted(path.parent for path in self.root.glob("*/tasks") if not path.parent.is_symlink())


def sweep_groups(root: Path = GROUPS, *, proc: Path = Path("/proc"), age: float = _YOUNG) -> int:
    """Remove the groups of engines that are gone, if no process is in them, and return the number removed.

    An engine without containers has an empty group too: so groups of running daemons stay, and groups younger than
    `age` seconds.
    """
    folders = [folder for pattern in ("*", "*/*") for folder in root.glob(pattern)]
    names = {folder.name for folder in folders if _OURS.fullmatch(folder.name) and folder.is_dir()}
    groups = [EngineCgroup(name, root) for name in names - _in_use(proc)]
    return sum(group.remove_if_empty(age) for group in groups)


def _in_use(proc: Path) -> set[str]:
    """The names of the groups that running daemons put their containers in."""
    found: set[str] = set()
    for file in proc.glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = file.read_bytes().split(b"\0")
            found |= {
                word.removeprefix(_PARENT).decode(errors="replace")
                for word in words
                if word.startswith(_PARENT)
            }
    return found


def groups_from(folder: Path) -> Iterator[Path]:
    """A group and all groups below it, the lowest first; groups that disappear meanwhile are skipped."""
    # Path.rglob raises an error if a folder disappears meanwhile.
    return (Path(path) for path, _, _ in os.walk(folder, topdown=False))


def _pass_on(folder: Path) -> None:
    """Enable limits for groups directly below, in version 2."""
    for controller in _CONTROLLERS:
        with suppress(OSError):
            (folder / "cgroup.subtree_control").write_text(controller)


def _make(folder: Path, limits: Mapping[str, int | str], owner: int | None) -> None:
    with suppress(OSError):
        folder.mkdir(exist_ok=True)
    for file, value in limits.items():
        with suppress(OSError):
            (folder / file).write_text(str(value))
    for path in (folder, *(folder / name for name in _DELEGATED)):
        with suppress(OSError):
            if owner is not None:
                os.chown(path, owner, owner)


def total_memory() -> int:
    """The machine's memory in bytes."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * 1024
    raise ValueError("/proc/meminfo has no MemTotal")
