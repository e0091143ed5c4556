"""The limits of the container that this process runs in, such as a box, if there is one."""

from dataclasses import dataclass
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
_MORE_THAN_ANY = 2**62
"""Above any real limit: version 1 gives a number even where there is no limit."""


@dataclass(frozen=True, slots=True)
class AmbientLimits:
    """Limits of memory in bytes, and of processes and threads; None where only the machine limits them."""

    memory: int | None = None
    pids: int | None = None

    @classmethod
    def of(cls, groups: Path = GROUPS) -> "AmbientLimits":
        """The limits in control groups of either version."""
        unified = (groups / "cgroup.controllers").exists()
        part, memory = ("", "memory.max") if unified else ("*/", "memory.limit_in_bytes")
        return cls(_least(groups, f"{part}{memory}"), _least(groups, f"{part}pids.max"))


def _least(folder: Path, pattern: str) -> int | None:
    """The smallest number in files of this name; None if there is no such file, or none has a number."""
    found = []
    for path in folder.glob(pattern):
        try:
            text = path.read_text().strip()
        except OSError:
            continue
        if text.isdecimal() and int(text) < _MORE_THAN_ANY:
            found.append(int(text))
    return min(found, default=None)
