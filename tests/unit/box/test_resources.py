"""The resources of boxes: separate for each."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from runner.box.resources import IDS, SEATS, ClassResources
from runner.engine.private.cgroup import EngineCgroup
from runner.engine.private.id_range import SIZE, IdRange
from runner.engine.private.places import Places
from runner.errors import EngineError


def test_no_two_boxes_share_an_id_nor_one_with_the_gateway_or_an_engine() -> None:
    resources = ClassResources.default({})
    starts = [resources.gateway_id, *(resources.first_id(number) for number in range(1, SEATS + 1))]
    assert all(later - earlier >= IDS for earlier, later in pairwise(starts))
    engine = IdRange.of(Places.default({}, uid=0).data).daemon
    assert engine + 2 * SIZE <= starts[0] or starts[-1] + IDS <= engine


@pytest.mark.parametrize("number", [0, -1, SEATS + 1])
def test_there_are_no_other_boxes(number: int) -> None:
    resources = ClassResources.under(Path("/class"))
    for part in (resources.first_id, resources.group, resources.channel, resources.mounts, resources.disk):
        with pytest.raises(ValueError, match="no box"):
            part(number)


def test_the_environment_names_another_folder() -> None:
    assert ClassResources.default({"WORKSHOP_CLASSROOM_DIR": "/x"}).own == Path("/x/state/class")


def test_nobody_else_on_the_machine_reaches_the_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.box.resources.os.chown", lambda *_: None)
    monkeypatch.setattr("runner.box.resources.SEATS", 1)
    resources = ClassResources.under(tmp_path)
    resources.run.mkdir(mode=0o755)
    resources.run.chmod(0o755)
    os.close(resources.prepare())
    resources.sweep()
    assert resources.run.stat().st_mode & 0o777 == 0o700
    assert resources.state.stat().st_mode & 0o777 == 0o711


def test_a_failed_preparation_releases_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("runner.box.resources.os.chown", full)
    resources = ClassResources.under(tmp_path)
    for _ in range(2):
        with pytest.raises(EngineError, match="No space left"):
            resources.prepare()


def test_leftovers_of_a_killed_class_are_removed_but_not_a_held_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = tmp_path / "groups"
    groups.mkdir()
    (groups / "cgroup.controllers").touch()
    monkeypatch.setattr("runner.box.resources.os.chown", lambda *_: None)
    monkeypatch.setattr("runner.box.resources.SEATS", 1)
    monkeypatch.setattr(ClassResources, "_group", property(lambda _: EngineCgroup("class", groups)))
    resources = ClassResources.under(tmp_path)
    assert resources.sweep_dead() == 0, "there never was one"
    lock = resources.prepare()
    for name in ("1", "gateway"):
        (groups / "class" / name).mkdir()
    assert (resources.sweep_dead(), resources.channel(1).exists()) == (0, True)
    os.close(lock)
    assert (resources.sweep_dead(), resources.channel(1).exists()) == (1, False)
    assert resources.sweep_dead() == 0


def test_disks_are_kept_and_folders_without_one_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one whose disk was being made as the class was killed."""
    monkeypatch.setattr("runner.box.resources.os.chown", lambda *_: None)
    monkeypatch.setattr("runner.box.resources.SEATS", 3)
    monkeypatch.setattr(
        ClassResources, "_group", property(lambda _: EngineCgroup("class", tmp_path / "groups"))
    )
    resources = ClassResources.under(tmp_path)
    os.close(resources.prepare())
    assert not (resources.state / "disks").exists(), "nobody has one yet"
    for name in ("1/disk-7.ext4", "2/disk-8.new", "3"):
        (resources.state / "disks" / name).mkdir(parents=True)
    assert resources.sweep_dead() == 0
    assert [path.name for path in (resources.state / "disks").iterdir()] == ["1"]
    resources.forget(1)
    os.close(resources.prepare())
    resources.sweep()
    assert not (resources.state / "disks").exists()
