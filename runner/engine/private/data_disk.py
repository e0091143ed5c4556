"""The daemon's disk: a file with its own file system, so that no container can fill the machine's."""

import os
import shutil
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from runner.engine.programs import find
from runner.errors import EngineError
from runner.pace import MACHINE

DISKS = "disk-*.ext4"
"""The names of disk files, for any owner."""
_LARGEST = 8 * 2**30
_SMALLEST = 2**30
_JOURNAL = 4
"""Megabytes of a journal, which the disk loses for good."""
_STATE_OFFSET = 1024 + 58
"""The offset, in ext4's first superblock, of the 16-bit state: Documentation/filesystems/ext4/super.rst."""
_CLEAN = 1
_FREE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class DataDisk:
    """The disk in `folder`, whose root folder belongs to `owner`.

    `size` is in bytes, by default a large part of the free space. A `kept` disk has a journal, and is never replaced,
    not even by another owner's; the content of others can be created again, so after a crash the disk is replaced.
    """

    folder: Path
    owner: int
    size: int | None = None
    kept: bool = False

    @property
    def file(self) -> Path:
        return self.folder / f"disk-{self.owner}.ext4"

    def prepare(self) -> bool:
        """Create it, or keep the last engine's; False if this machine cannot have one.

        Raises:
            EngineError: there is no room, or a kept disk is another owner's.
        """
        mkfs = find("mkfs.ext4")
        if mkfs is None or find("mount") is None or not Path("/dev/loop-control").exists():
            return False
        self._await_free()
        for found in self.folder.glob(DISKS):
            if self.kept:
                self._require_ours(found)
            elif found != self.file or not self._clean():
                found.unlink()
        if not self.file.exists():
            self._make(mkfs)
        return True

    def mount(self, target: Path) -> None:
        """Mount it in this mount namespace; it becomes free when the namespace ends.

        Raises:
            OSError: the kernel refuses.
        """
        options = "loop,discard,nodev,nosuid,noatime,noinit_itable"
        command = [
            find("mount") or "mount",
            "--types",
            "ext4",
            "--options",
            options,
            str(self.file),
            str(target),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(done.stderr.strip() or f"mount ended with status {done.returncode}")

    def _make(self, mkfs: str) -> None:
        new = self.file.with_suffix(".new")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            size = self.size or max(_SMALLEST, min(_LARGEST, shutil.disk_usage(self.folder).free // 2))
            with new.open("wb") as file:
                os.truncate(file.fileno(), size)
            owner = f"root_owner={self.owner}:{self.owner}"
            journal = ["-J", f"size={_JOURNAL}"] if self.kept else ["-O", "^has_journal"]
            command = [mkfs, "-q", "-F", "-m", "0", *journal, "-E", f"{owner},lazy_journal_init=1", str(new)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise EngineError(f"cannot make the disk {self.file}: {done.stderr.strip()}")
            new.replace(self.file)
        except OSError as error:
            raise EngineError(f"cannot make the disk {self.file}: {error}") from error
        finally:
            new.unlink(missing_ok=True)

    def _require_ours(self, found: Path) -> None:
        if found == self.file or self.file.exists():
            return
        theirs = found.stem.removeprefix("disk-")
        raise EngineError(
            f"the files on {found} belong to user ids from {theirs} on, which others on this machine have got since; "
            f"this one would have ids from {self.owner} on",
            remedy=f"take the ids from {theirs} on out of /etc/subuid, /etc/subgid and the machine's users again; "
            f"or move {found} to another folder, to begin without those files",
        )

    def _await_free(self) -> None:
        """Wait for the end of a killed engine, whose mounts the kernel may still be removing."""
        deadline = time.monotonic() + MACHINE.stretched(_FREE_SECONDS)
        while self._in_use() and time.monotonic() < deadline:
            time.sleep(0.01)

    def _in_use(self) -> bool:
        for backing in Path("/sys/block").glob("loop*/loop/backing_file"):
            with suppress(OSError):
                if backing.read_text().strip() == str(self.file.resolve()):
                    return True
        return False

    def _clean(self) -> bool:
        """True if it was unmounted properly."""
        try:
            with self.file.open("rb") as file:
                file.seek(_STATE_OFFSET)
                return bool(int.from_bytes(file.read(2), "little") & _CLEAN)
        except OSError:
            return False
