"""The folders, ids and control groups of a class and its boxes."""

import fcntl
import os
import shutil
import stat
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from runner.engine.private.cgroup import EngineCgroup, Limits
from runner.engine.private.data_disk import DISKS, DataDisk
from runner.engine.private.id_range import SIZE, IdRange, free_range
from runner.engine.private.places import Places
from runner.errors import EngineError, WorkshopError
from runner.folders import NAME
from runner.pace import MACHINE

SEATS = 128
"""The number of box numbers: more than one machine has room for."""
IDS = 3 * SIZE
"""The ids of a box, and below them a private engine's: the daemon's and its containers'."""
CHANNEL = "class.sock"
"""The socket in a box's channel folder through which an app reports to the class."""
_LOCK_SECONDS = 2.0
_ENDS = 60.0
"""Seconds that the processes of a class have to end: a busy disk may first have to write much of theirs."""
_CLASS_WEIGHT = 1000
"""All boxes count as one for the machine's scheduler, which should favour the class."""
_STATE, _RUN = Path("/var/lib", NAME, "classroom"), Path("/run", f"{NAME}-classroom")
_OVERRIDE = "WORKSHOP_CLASSROOM_DIR"


@dataclass(frozen=True, slots=True)
class Share:
    """The limits of one box: bytes of memory and of disk, processes, and its CPU weight (100 is usual)."""

    memory: int = 768 * 2**20
    disk: int = 2**30
    pids: int = 1000
    weight: int = 50


@dataclass(frozen=True)
class ClassResources:
    """The folders, ids and control groups of a class.

    `state` is kept for the next class, `run` is deleted with this one.
    """

    state: Path
    run: Path
    share: Share = field(default_factory=Share)

    @classmethod
    def default(
        cls, environ: Mapping[str, str] | None = None, *, share: Share | None = None
    ) -> "ClassResources":
        """The machine's own resources, or those below the folder that the environment names."""
        override = (os.environ if environ is None else environ).get(_OVERRIDE)
        share = share or Share()
        return cls.under(Path(override), share=share) if override else cls(_STATE, _RUN, share)

    @classmethod
    def under(cls, folder: Path, *, share: Share | None = None) -> "ClassResources":
        """Everything below one folder, for tests and for several classes side by side."""
        folder = folder.absolute()
        return cls(folder / "state", folder / "run", share or Share())

    @property
    def own(self) -> Path:
        """The folder of the gateway's files, readable only by the gateway."""
        return self.state / "class"

    @cached_property
    def _first(self) -> int:
        private = IdRange.of(Places.default({}, uid=0).data).daemon
        return free_range(self.state, (SEATS + 1) * IDS, taken=[(private, 2 * SIZE)])

    @property
    def gateway_id(self) -> int:
        """The gateway's user and group id: used by no person and no box."""
        return self._first

    def first_id(self, number: int) -> int:
        """The id on the machine of a box's root; the box has `IDS` ids from there."""
        return self._first + _checked(number) * IDS

    @property
    def _group(self) -> EngineCgroup:
        return EngineCgroup.of(self.run)

    def group(self, number: int) -> EngineCgroup:
        """The control group of a whole box."""
        return EngineCgroup(f"{self._group.name}/{_checked(number)}")

    def staff_group(self, name: str) -> EngineCgroup:
        """The control group of one of the class's own programs."""
        return EngineCgroup(f"{self._group.name}/{name}")

    @property
    def gateway_group(self) -> EngineCgroup:
        """The control group of the gateway."""
        return self.staff_group("gateway")

    @property
    def settings(self) -> Path:
        """The folder that the gateway can read, and only root can change."""
        return self.state / "settings"

    @property
    def limits(self) -> Limits:
        """The limits of a box's control group."""
        return Limits(self.share.memory, self.share.pids, self.share.weight, swap=False)

    def channel(self, number: int) -> Path:
        """The folder that a box shares with the gateway."""
        return self.run / "channels" / str(_checked(number))

    def mounts(self, number: int) -> Path:
        """The folder for mounting a box's root folder and disk."""
        return self.run / "mounts" / str(_checked(number))

    def disk(self, number: int) -> DataDisk:
        """A box's disk, which is there again when its learner returns."""
        owner = self.first_id(number)
        return DataDisk(self._disk_folder(number), owner, size=self.share.disk, kept=True)

    @property
    def _disks(self) -> Path:
        return self.state / "disks"

    def _disk_folder(self, number: int) -> Path:
        return self._disks / str(_checked(number))

    def prepare(self) -> int:
        """Create the folders and groups, and remove the leftovers of a killed class.

        Returns the lock to hold meanwhile.

        Raises:
            WorkshopError: another class uses them.
            EngineError: they cannot be created.
        """
        try:
            # Anyone who can reach the folder can connect to a box's socket.
            for folder, mode in ((self.state, 0o711), (self.run, 0o700)):
                folder.mkdir(mode=mode, parents=True, exist_ok=True)
                _require_ours(folder)
                folder.chmod(mode)
            lock = self._lock()
            if lock is None:
                raise WorkshopError(
                    f"a class is being held on this machine already, in {self.run}",
                    remedy=f"end that one, or set {_OVERRIDE} to another folder",
                )
            try:
                self.sweep()
                self._make_folders()
                self._group.divide(Limits(weight=_CLASS_WEIGHT))
            except BaseException:
                os.close(lock)
                raise
        except OSError as error:
            raise EngineError(f"cannot make the class's folders: {error}") from error
        return lock

    def _make_folders(self) -> None:
        for number in range(1, SEATS + 1):
            self.channel(number).mkdir(mode=0o755, parents=True, exist_ok=True)
            os.chown(self.channel(number), self.gateway_id, self.gateway_id)
            for part in ("root", "disk"):
                (self.mounts(number) / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.own.mkdir(mode=0o700, exist_ok=True)
        os.chown(self.own, self.gateway_id, self.gateway_id)
        self.settings.mkdir(mode=0o755, exist_ok=True)
        (self.run / "mounts/gateway").mkdir(mode=0o700, exist_ok=True)

    def _lock(self) -> int | None:
        """The lock on these folders; None while another class holds it.

        The processes of a killed class may hold it for a moment longer.
        """
        lock = os.open(self.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + MACHINE.stretched(_LOCK_SECONDS)
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(lock)
                    return None
                time.sleep(0.05)
            else:
                return lock

    def sweep_dead(self) -> int:
        """Remove the leftovers of a killed class, unless a class is being held; returns the number of boxes removed."""
        if not self.run.exists():
            return 0
        _require_ours(self.run)
        lock = self._lock()
        if lock is None:
            return 0
        try:
            groups = {
                path.name for folder in self._group.folders for path in folder.glob("*") if path.is_dir()
            }
            self.sweep()
        finally:
            os.close(lock)
        return sum(name.isdecimal() for name in groups)

    def sweep(self) -> bool:
        """End and remove all boxes; False if processes of theirs remain. The caller must hold the lock."""
        gone = self._group.clear(seconds=MACHINE.stretched(_ENDS))
        for name in ("channels", "mounts"):
            shutil.rmtree(self.run / name, ignore_errors=True)
        for folder in self._disks.glob("*"):
            if not any(folder.glob(DISKS)):
                # A folder whose disk was never completed.
                shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            self._disks.rmdir()
        return gone

    def forget(self, number: int) -> None:
        """Delete everything that a learner has kept in a closed box."""
        shutil.rmtree(self._disk_folder(number), ignore_errors=True)

    def forget_all(self) -> None:
        """Delete everything that learners have kept. The caller must hold the lock, with no box open."""
        shutil.rmtree(self._disks, ignore_errors=True)


def _require_ours(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise EngineError(f"{folder} is not a folder of root's", remedy=f"remove it, or set {_OVERRIDE}")


def _checked(number: int) -> int:
    if not 1 <= number <= SEATS:
        raise ValueError(f"there is no box {number}")
    return number
