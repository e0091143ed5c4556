"""The limits of the container that this process runs in, such as a box, if it is in one."""

from dataclasses import dataclass
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
_MORE_THAN_ANY = 2**62
"""Version 1 says a number also where there is no limit."""


@dataclass(frozen=True, slots=True)
class AmbientLimits:
    """Bytes of memory, and how many processes and threads; None where only the machine is the limit."""

    memory: int | None = None
    pids: int | None = None

    @classmethod
    def of(cls, groups: Path = GROUPS) -> "AmbientLimits":
        """Read them from control groups of either version."""
        unified = (groups / "cgroup.controllers").exists()
        part, memory = ("", "memory.max") if unified else ("*/", "memory.limit_in_bytes")
        return cls(_least(groups, f"{part}{memory}"), _least(groups, f"{part}pids.max"))


def _least(folder: Path, pattern: str) -> int | None:
    """The least number in files; None where there is no such file, or none has a number."""
    found = []
    for path in folder.glob(pattern):
        try:
            text = path.read_text().strip()
        except OSError:
            continue
        if text.isdecimal() and int(text) < _MORE_THAN_ANY:
            found.append(int(text))
    return min(found, default=None)
