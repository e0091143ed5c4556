"""A separate place for a soak: home, engine and temporary folder, so that everything found there is a leftover."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from runner.engine.private.cgroup import EngineCgroup
from runner.engine.private.places import OVERRIDE, Places
from runner.engine.processes import arguments, pids

WORKSHOP = (sys.executable, "-m", "runner")
_PATIENCE = 30.0


@dataclass(frozen=True)
class Place:
    """The folders of a soak, all below `folder`."""

    folder: Path

    @property
    def engine(self) -> Places:
        return Places.under(self.folder / "e")

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment of programs that are started here."""
        here = {
            "HOME": str(self.folder / "home"),
            "TMPDIR": str(self.folder / "tmp"),
            OVERRIDE: str(self.folder / "e"),
            **{
                f"XDG_{kind}_HOME": str(self.folder / kind.lower())
                for kind in ("STATE", "CACHE", "CONFIG", "DATA")
            },
        }
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("DOCKER_", "WORKSHOP_"))
        }
        return kept | here | {"TERM": "xterm-256color", "PYTHONDONTWRITEBYTECODE": "1"}

    def processes(self) -> dict[int, list[str]]:
        """Processes that were started here, or use its folders, with their command lines."""
        found = {}
        for pid in pids():
            words = arguments(pid)
            if pid != os.getpid() and (any(str(self.folder) in word for word in words) or self._started(pid)):
                found[pid] = words
        return found

    def _started(self, pid: int) -> bool:
        with suppress(OSError):
            variable = f"{OVERRIDE}={self.folder}/e\0".encode()
            return variable in Path(f"/proc/{pid}/environ").read_bytes()
        return False

    def leftovers(self) -> dict[str, list[str]]:
        """Leftovers that exist although nothing should run: names by kind."""
        group = EngineCgroup.of(self.engine.runtime)
        groups = [group.root / group.name, *group.root.glob(f"*/{group.name}")]
        mounts = Path("/proc/self/mounts").read_text().splitlines()
        loops = [path for path in Path("/sys/block").glob("loop*/loop/backing_file") if self._ours(path)]
        runtime = self.engine.runtime
        expected = {"engine.lock", "start.lock", "engine.log", "supervisor.log"}
        found = {
            "processes": [f"{pid} {' '.join(words)[:120]}" for pid, words in self.processes().items()],
            "mounts": [line for line in mounts if str(self.folder) in line],
            "loop devices": [str(path) for path in loops],
            "cgroups": [str(path) for path in groups if path.exists()],
            "sockets": [str(path) for path in self.folder.rglob("*") if path.is_socket()],
            "engine's files": [path.name for path in runtime.glob("*") if path.name not in expected],
            "scratch folders": [str(path) for path in (self.folder / "tmp").glob("*/*/")],
            "temporary files": [
                str(path)
                for path in (self.folder / "tmp").glob("*")
                if not path.name.startswith("seccomp-workshop-")
            ],
        }
        return {kind: names for kind, names in found.items() if names}

    def _ours(self, backing: Path) -> bool:
        with suppress(OSError):
            return str(self.folder) in backing.read_text()
        return False

    def settled(self, seconds: float = _PATIENCE) -> dict[str, list[str]]:
        """The leftovers once they are gone, or after so many seconds."""
        deadline = time.monotonic() + seconds
        while (found := self.leftovers()) and time.monotonic() < deadline:
            time.sleep(0.2)
        return found


@contextmanager
def new_place(cache: Path | None) -> Iterator[Place]:
    """A new place that starts with the images in `cache`."""
    place = Place(Path(tempfile.mkdtemp(prefix="soak-", dir="/var/tmp")))
    for name in ("home", "tmp"):
        (place.folder / name).mkdir()
    if cache is not None and cache.is_dir():
        shutil.copytree(cache, place.folder / "cache" / cache.name)
    try:
        yield place
    finally:
        if not place.leftovers():
            shutil.rmtree(place.folder, ignore_errors=True)
