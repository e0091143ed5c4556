"""The log's file: its permissions and locks, and what comes of it when it is deleted or cannot be made."""

import os
import shutil
import stat
from contextlib import closing
from pathlib import Path

from runner.record.sqlite.store import SqliteStore
from tests.fakes import wait_until
from tests.unit.record.sqlite.logs import connected, event, opened


def test_nobody_else_can_read_the_log(path):
    """The folder itself may be open: an engine's data is below it."""
    path.parent.mkdir(mode=0o711)
    before = os.umask(0)
    try:
        log = SqliteStore(path)
        log.append(event())
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        log.close()
    finally:
        os.umask(before)
    assert path.name in modes
    assert set(modes.values()) == {0o600}


def test_another_connection_of_this_process_keeps_its_locks(path):
    """The kernel drops all locks that a process has on a file as the process closes any descriptor of it."""
    path.parent.mkdir()
    other = connected(path)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    other.execute("CREATE TABLE other (one)")
    held = locks(path)
    assert held
    opened(path).append(event())
    assert locks(path) == held


def locks(path: Path) -> set[str]:
    """The locks on a file, without their numbers in the kernel's list.

    A file is named by its device and inode there: files of other devices may have the same inode.
    """
    major, minor = map(int, device(path.parent).split(":"))
    name = f" {major:02x}:{minor:02x}:{path.stat().st_ino} "
    lines = Path("/proc/locks").read_text().splitlines()
    return {line.partition(":")[2] for line in lines if name in line}


def device(folder: Path) -> str:
    """The file system's device as the kernel names it: `stat` has another one for a subvolume or an overlay."""
    opened = os.open(folder, os.O_PATH)
    try:
        facts = dict(
            line.split(":\t") for line in Path(f"/proc/self/fdinfo/{opened}").read_text().splitlines()
        )
    finally:
        os.close(opened)
    mounts = map(str.split, Path("/proc/self/mountinfo").read_text().splitlines())
    return next(device for mount, _, device, *_ in mounts if mount == facts["mnt_id"])


def test_a_file_that_is_deleted_meanwhile_is_written_anew(path):
    """With all that it had, of all learners, and with its folder if that has gone too."""
    with closing(SqliteStore(path)) as log, closing(SqliteStore(path)) as other:
        other.append(event(7, "somebody else"))
        log.append(event(1))
        for found in path.parent.iterdir():
            found.unlink()
        log.append(event(2))
        path.unlink()
        shutil.rmtree(path.parent)
        log.append(event(3))
        assert not log.trouble
        # The second one finds what the first has written.
        other.append(event(8, "somebody else"))
    with closing(SqliteStore(path)) as log:
        assert [one.time for one in log.events("me")] == [1, 2, 3]
        assert [one.time for one in log.events("somebody else")] == [7, 8]


def test_a_deleted_file_is_written_anew_also_by_one_who_only_reads(path):
    """Who writes next finds a new file in place already, and has no reason to write what was before."""
    with closing(SqliteStore(path)) as log, closing(SqliteStore(path)) as reader:
        log.append(event(1))
        assert len(reader.after(0)) == 1
        for found in path.parent.iterdir():
            found.unlink()
        reader.after(1)
        log.append(event(2))
        with closing(SqliteStore(path)) as another:
            assert wait_until(lambda: sorted(one.time for one in another.events("me")) == [1, 2])


def test_a_deleted_file_that_cannot_be_written_anew_now_is_later(path):
    with closing(SqliteStore(path)) as log:
        log.append(event(1))
        shutil.rmtree(path.parent)
        path.parent.write_text("in the way")
        log.append(event(2))
        assert log.trouble
        path.parent.unlink()
        log.append(event(3))
        assert not log.trouble
    with closing(SqliteStore(path)) as log:
        assert [one.time for one in log.events("me")] == [1, 2, 3]


def test_a_folder_that_cannot_be_made_is_reported(tmp_path):
    (tmp_path / "file").touch()
    log = opened(tmp_path / "file" / "progress.sqlite3")
    log.append(event())
    assert log.trouble
    assert list(log.events("me")) == [event()]
