"""What boxes are given: each its own, and none another's."""

import os
from itertools import pairwise
from pathlib import Path

import pytest

from runner.box.room import IDS, SEATS, Room
from runner.engine.private.cgroup import EngineCgroup
from runner.engine.private.id_range import SIZE, IdRange
from runner.engine.private.places import Places
from runner.errors import EngineError


def test_no_two_boxes_share_an_id_nor_one_with_the_gateway_or_an_engine() -> None:
    room = Room.default({})
    starts = [room.gateway_id, *(room.first_id(number) for number in range(1, SEATS + 1))]
    assert all(later - earlier >= IDS for earlier, later in pairwise(starts))
    engine = IdRange.of(Places.default({}, uid=0).data).daemon
    assert engine + 2 * SIZE <= starts[0] or starts[-1] + IDS <= engine


@pytest.mark.parametrize("number", [0, -1, SEATS + 1])
def test_there_are_no_other_boxes(number: int) -> None:
    room = Room.under(Path("/class"))
    for part in (room.first_id, room.group, room.channel, room.mounts, room.disk):
        with pytest.raises(ValueError, match="no box"):
            part(number)


def test_the_environment_names_another_room() -> None:
    assert Room.default({"WORKSHOP_CLASSROOM_DIR": "/x"}).own == Path("/x/state/class")


def test_nobody_else_on_the_machine_reaches_the_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.box.room.os.chown", lambda *_: None)
    monkeypatch.setattr("runner.box.room.SEATS", 1)
    room = Room.under(tmp_path)
    room.run.mkdir(mode=0o755)
    room.run.chmod(0o755)
    os.close(room.prepare())
    room.sweep()
    assert room.run.stat().st_mode & 0o777 == 0o700
    assert room.state.stat().st_mode & 0o777 == 0o711


def test_a_room_that_cannot_be_made_is_not_kept_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("runner.box.room.os.chown", full)
    room = Room.under(tmp_path)
    for _ in range(2):
        with pytest.raises(EngineError, match="No space left"):
            room.prepare()


def test_what_a_killed_class_left_is_removed_and_one_that_is_held_is_let_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = tmp_path / "groups"
    groups.mkdir()
    (groups / "cgroup.controllers").touch()
    monkeypatch.setattr("runner.box.room.os.chown", lambda *_: None)
    monkeypatch.setattr("runner.box.room.SEATS", 1)
    monkeypatch.setattr(Room, "_group", property(lambda _: EngineCgroup("class", groups)))
    room = Room.under(tmp_path)
    assert room.sweep_dead() == 0, "there never was one"
    lock = room.prepare()
    for name in ("1", "gateway"):
        (groups / "class" / name).mkdir()
    assert (room.sweep_dead(), room.channel(1).exists()) == (0, True)
    os.close(lock)
    assert (room.sweep_dead(), room.channel(1).exists()) == (1, False)
    assert (room.state / "disks").exists(), "what the learners did"
    assert room.sweep_dead() == 0
