"""The user ids of the machine that a private engine started by root runs under: nobody else's."""

import grp
import hashlib
import pwd
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.errors import EngineError

SIZE = 65536
"""Ids of a container, as images expect them, and of one that shares the daemon's namespace."""
CONTAINERS = 100_000
"""The id in the daemon's user namespace that is root in a container."""
_FIRST, _END = 524_288, 1_879_048_192
"""Where systemd's users look for ids of containers: https://systemd.io/UIDS-GIDS."""
_TRIES = 64


@dataclass(frozen=True, slots=True)
class IdRange:
    """`daemon` is the machine's id of the daemon, whose containers have the `SIZE` ids from `containers` on."""

    daemon: int

    @property
    def containers(self) -> int:
        return self.daemon + SIZE

    @property
    def map(self) -> str:
        """What `/proc/PID/uid_map` and `gid_map` of the daemon's user namespace are told."""
        return f"0 {self.daemon} {SIZE}\n{CONTAINERS} {self.containers} {SIZE}\n"

    @classmethod
    def of(cls, folder: Path) -> "IdRange":
        """The range of the engine that keeps its data in `folder`: always the same while it belongs to nobody else.

        Raises:
            EngineError: this process is in a user namespace with too few ids.
        """
        return cls(free_range(folder, 2 * SIZE))


def free_range(folder: Path, size: int, *, taken: Iterable[tuple[int, int]] = ()) -> int:
    """The first of `size` ids in a row that are nobody's: for the same folder always the same, while they are that.

    `taken` are more ranges to keep away from, as pairs of the first id and their number.

    Raises:
        EngineError: this user namespace has too few ids.
    """
    available = [list(_mapped(kind)) for kind in ("uid", "gid")]
    used = [
        *taken,
        *_subordinate(),
        *((user.pw_uid, 1) for user in pwd.getpwall()),
        *((group.gr_gid, 1) for group in grp.getgrall()),
    ]
    for first in _candidates(folder, available[0], size):
        free = not any(first < start + count and start < first + size for start, count in used)
        if free and all(_within(first, ranges, size) for ranges in available):
            return first
    raise EngineError(
        f"this user namespace has no {size:,} ids in a row that are nobody's, which the private engine needs",
        remedy="give it more ids, or run the workshop as an ordinary user",
    )


def _candidates(folder: Path, available: Sequence[tuple[int, int]], size: int) -> Iterator[int]:
    slots = (_END - _FIRST) // size
    digest = int.from_bytes(hashlib.sha256(bytes(folder)).digest()[:8], "big")
    for attempt in range(_TRIES):
        yield _FIRST + (digest + attempt) % slots * size
    # A user namespace rarely has ids that are so high.
    for start, count in available:
        yield start + count - size


def _within(first: int, ranges: Iterable[tuple[int, int]], size: int) -> bool:
    return any(start < first and first + size <= start + count for start, count in ranges)


def _subordinate() -> Iterator[tuple[int, int]]:
    """What users were given, as pairs of the first id and their number."""
    for file in (Path("/etc/subuid"), Path("/etc/subgid")):
        try:
            lines = file.read_text(errors="replace").splitlines()
        except OSError:
            continue
        for line in lines:
            parts = line.split(":")
            if len(parts) == 3 and parts[1].isdecimal() and parts[2].isdecimal():
                yield int(parts[1]), int(parts[2])


def _mapped(kind: str) -> Iterator[tuple[int, int]]:
    """The ids that this user namespace has."""
    for line in Path(f"/proc/self/{kind}_map").read_text().splitlines():
        first, _, count = (int(word) for word in line.split())
        yield first, count
