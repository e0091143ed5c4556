"""What becomes of a class that is over."""

from pathlib import Path

import pytest

from runner.box.room import Room
from runner.classroom.host import past
from runner.instructor.notes import PrivateNotes


@pytest.fixture
def room(tmp_path: Path) -> Room:
    """The room of a class that is over."""
    room = Room.under(tmp_path)
    for folder in (room.own, room.settings, room.state / "disks/1"):
        folder.mkdir(parents=True)
    for file in (
        "class/class.sqlite3",
        "class/class.sqlite3-wal",
        "class/roll.json",
        "settings/x",
        "disks/1/disk-1",
    ):
        (room.state / file).write_text(file)
    PrivateNotes(room.own / past.INSTRUCTOR / "notes.json").keep("Ada", "window")
    (room.own / past.INSTRUCTOR / "report.html").write_text("report")
    return room


def below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_next_class_finds_nothing_of_the_last_one(room, monkeypatch):
    monkeypatch.setattr(past.time, "strftime", lambda _: "stamp")
    past.forget(room)
    assert below(room.state) == {
        "past/stamp.sqlite3",
        "past/stamp.sqlite3-wal",
        "past/stamp/notes.json",
        "past/stamp/report.html",
    }
    assert not PrivateNotes(room.own / past.INSTRUCTOR / "notes.json").of("Ada")
    assert (room.state / past.PAST).stat().st_mode & 0o777 == 0o700


def test_a_class_without_an_instructors_screen(tmp_path):
    room = Room.under(tmp_path)
    room.own.mkdir(parents=True)
    past.forget(room)
    past.forget(room)
    assert below(room.state) == set()
