"""The control group that bounds all containers of the private engine together, also those started by hand."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
MAX_PIDS = 8192
MEMORY_SHARE = 0.75


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

    def create(self, *, memory: int | None = None) -> None:
        """Make the group with its limits; where that is not possible, each container's own limits must do."""
        memory = int(total_memory() * MEMORY_SHARE) if memory is None else memory
        if (self.root / "cgroup.controllers").exists():
            with suppress(OSError):
                (self.root / "cgroup.subtree_control").write_text("+pids +memory")
            self._limit("", {"pids.max": MAX_PIDS, "memory.max": memory})
        else:
            self._limit("pids", {"pids.max": MAX_PIDS})
            self._limit("memory", {"memory.limit_in_bytes": memory})

    def _limit(self, hierarchy: str, limits: dict[str, int]) -> None:
        folder = self.root / hierarchy / self.name
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
        for file, value in limits.items():
            with suppress(OSError):
                (folder / file).write_text(str(value))

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
