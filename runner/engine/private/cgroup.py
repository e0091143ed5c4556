"""The control group that bounds all containers of the private engine together, also those started by hand."""

import hashlib
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
MAX_PIDS = 8192
MEMORY_SHARE = 0.75
_LIMITS = {"pids": "pids.max", "memory": "memory.limit_in_bytes"}
"""The limit's file in the version-1 hierarchy of that name."""
_DELEGATED = ("cgroup.procs", "cgroup.threads", "cgroup.subtree_control", "tasks")
"""What anyone who makes groups below must be able to write: Documentation/admin-guide/cgroup-v2.rst, "Delegation"."""
_DAEMON = "daemon"


@dataclass(frozen=True, slots=True)
class EngineCgroup:
    """A group named after the engine's runtime folder, in every version-1 hierarchy or in the version-2 one."""

    name: str
    root: Path = ROOT

    @classmethod
    def of(cls, runtime: Path, *, root: Path = ROOT) -> "EngineCgroup":
        return cls(f"seccomp-workshop-{hashlib.sha256(str(runtime).encode()).hexdigest()[:8]}", root)

    @property
    def parent(self) -> str:
        """The value of dockerd's `--cgroup-parent`."""
        return f"/{self.name}"

    def create(self, *, owner: int | None = None, memory: int | None = None) -> None:
        """Make the group with its limits; where that is not possible, each container's own limits must do.

        A daemon with the user id `owner` may make groups below it, and may not change its limits.
        """
        memory = int(total_memory() * MEMORY_SHARE) if memory is None else memory
        if self._unified:
            with suppress(OSError):
                (self.root / "cgroup.subtree_control").write_text("+pids +memory")
            self._make(self.root / self.name, {"pids.max": MAX_PIDS, "memory.max": memory}, owner)
            # A group with processes of its own can't have limited groups below it.
            self._make(self.root / self.name / _DAEMON, {}, owner)
            return
        for hierarchy in sorted(path.parent for path in self.root.glob("*/tasks")):
            limits: dict[str, int | str] = {}
            if hierarchy.name == "cpuset":
                limits = {name: _read(hierarchy / name) for name in ("cpuset.cpus", "cpuset.mems")}
            elif hierarchy.name in _LIMITS:
                limits = {_LIMITS[hierarchy.name]: {"pids": MAX_PIDS, "memory": memory}[hierarchy.name]}
            self._make(hierarchy / self.name, limits, owner)

    def enter(self) -> None:
        """Put this process where it may put containers beside itself; in version 1 that is anywhere.

        Raises:
            OSError: it can't be put there.
        """
        if self._unified:
            (self.root / self.name / _DAEMON / "cgroup.procs").write_text("0")

    @property
    def _unified(self) -> bool:
        return (self.root / "cgroup.controllers").exists()

    def _make(self, folder: Path, limits: Mapping[str, int | str], owner: int | None) -> None:
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
        for file, value in limits.items():
            with suppress(OSError):
                (folder / file).write_text(str(value))
        for path in (folder, *(folder / name for name in _DELEGATED)):
            with suppress(OSError):
                if owner is not None:
                    os.chown(path, owner, owner)

    def remove(self) -> None:
        """Remove the group's empty folders from every hierarchy; one that still holds processes stays."""
        for folder in [self.root / self.name, *self.root.glob(f"*/{self.name}")]:
            below = sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True)
            for path in (*below, folder):
                with suppress(OSError):
                    path.rmdir()


def total_memory() -> int:
    """The machine's memory in bytes."""
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * 1024
    raise ValueError("/proc/meminfo has no MemTotal")


def _read(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return ""
