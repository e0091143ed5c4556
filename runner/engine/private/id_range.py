"""The machine's user ids for a private engine started by root: ids that nobody else has."""

import grp
import hashlib
import pwd
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from runner.errors import EngineError

SIZE = 65536
"""The number of ids of a container, as images expect it, and of one that shares the daemon's namespace."""
CONTAINERS = 100_000
"""The id in the daemon's user namespace that is root in a container."""
_FIRST, _END = 524_288, 1_879_048_192
"""The range in which systemd assigns ids to containers: https://systemd.io/UIDS-GIDS."""
_TRIES = 64


@dataclass(frozen=True, slots=True)
class IdRange:
    """A range: `daemon` is the daemon's id on the machine, `containers` the first of its containers' `SIZE` ids."""

    daemon: int

    @property
    def containers(self) -> int:
        return self.daemon + SIZE

    @property
    def map(self) -> str:
        """The content of `/proc/PID/uid_map` and `gid_map` for the daemon's user namespace."""
        return f"0 {self.daemon} {SIZE}\n{CONTAINERS} {self.containers} {SIZE}\n"

    @classmethod
    def of(cls, folder: Path) -> "IdRange":
        """Return the range for the engine with its data in `folder`, which is stable while nobody else gets it.

        Raises:
            EngineError: this process is in a user namespace with too few ids.
        """
        return cls(free_range(folder, 2 * SIZE))


def free_range(folder: Path, size: int, *, taken: Iterable[tuple[int, int]] = ()) -> int:
    """Return the first of `size` consecutive unused ids: stable for the same folder while they stay unused.

    `taken` are further ranges to avoid, as pairs of first id and size.

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
        f"this user namespace has no {size:,} consecutive unused ids, which the private engine needs",
        remedy="give it more ids, or run the workshop as an ordinary user",
    )


def _candidates(folder: Path, available: Sequence[tuple[int, int]], size: int) -> Iterator[int]:
    slots = (_END - _FIRST) // size
    digest = int.from_bytes(hashlib.sha256(bytes(folder)).digest()[:8], "big")
    for attempt in range(_TRIES):
        yield _FIRST + (digest + attempt) % slots * size
    # A user namespace rarely has ids as high as these.
    for start, count in available:
        yield start + count - size


def _within(first: int, ranges: Iterable[tuple[int, int]], size: int) -> bool:
    return any(start < first and first + size <= start + count for start, count in ranges)


def _subordinate() -> Iterator[tuple[int, int]]:
    """The ranges that users were given, as pairs of first id and size."""
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
