import os
from pathlib import Path

import pytest

from runner.engine.private.data_disk import DataDisk
from runner.engine.programs import find
from runner.errors import EngineError

pytestmark = [
    pytest.mark.skipif(find("mkfs.ext4") is None, reason="mkfs.ext4 is not installed"),
    pytest.mark.skipif(
        not os.access("/dev/loop-control", os.W_OK), reason="this machine gives no loop devices"
    ),
]

STATE = 1024 + 58


@pytest.fixture
def disk(tmp_path: Path) -> DataDisk:
    made = DataDisk(tmp_path, 700_000)
    assert made.prepare()
    return made


def test_it_takes_no_room_before_it_is_used(disk: DataDisk) -> None:
    found = disk.file.stat()
    assert found.st_size >= 2**30
    assert found.st_blocks * 512 < 64 * 2**20


def test_it_is_kept_if_it_was_left_in_order(disk: DataDisk) -> None:
    before = disk.file.stat().st_ino
    disk.prepare()
    assert disk.file.stat().st_ino == before


def test_it_is_made_anew_if_it_was_not(disk: DataDisk) -> None:
    with disk.file.open("r+b") as file:
        file.seek(STATE)
        file.write(bytes(2))
    disk.prepare()
    with disk.file.open("rb") as file:
        file.seek(STATE)
        assert file.read(1) == b"\1"


def test_one_with_other_ids_goes(disk: DataDisk) -> None:
    other = DataDisk(disk.folder, 900_000)
    other.prepare()
    assert [path.name for path in disk.folder.iterdir()] == [other.file.name]


def test_a_kept_one_with_other_ids_stays_and_is_told(tmp_path: Path) -> None:
    kept = DataDisk(tmp_path, 700_000, kept=True)
    assert kept.prepare()
    moved = DataDisk(tmp_path, 900_000, kept=True)
    with pytest.raises(EngineError, match="from 700000 on") as raised:
        moved.prepare()
    assert str(kept.file) in raised.value.remedy
    assert [path.name for path in tmp_path.iterdir()] == [kept.file.name]
    assert kept.prepare()


def test_a_kept_one_that_was_set_aside_makes_room_for_another(tmp_path: Path) -> None:
    DataDisk(tmp_path / "disks", 700_000, kept=True).prepare()
    (tmp_path / "disks/disk-700000.ext4").rename(tmp_path / "aside")
    assert DataDisk(tmp_path / "disks", 900_000, kept=True).prepare()
    assert (tmp_path / "aside").exists()


def test_without_loop_devices_there_is_no_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.engine.private.data_disk.find", lambda _name: None)
    assert not DataDisk(tmp_path, 1).prepare()
    assert list(tmp_path.iterdir()) == []
