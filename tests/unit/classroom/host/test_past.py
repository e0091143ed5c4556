"""Archiving a class that is over."""

from pathlib import Path

import pytest

from runner.box.resources import ClassResources
from runner.classroom.host import past
from runner.instructor.notes import PrivateNotes


@pytest.fixture
def resources(tmp_path: Path) -> ClassResources:
    """The files that a past class has left."""
    resources = ClassResources.under(tmp_path)
    for folder in (resources.own, resources.settings, resources.state / "disks/1"):
        folder.mkdir(parents=True)
    for file in (
        "class/class.sqlite3",
        "class/class.sqlite3-wal",
        "class/roll.json",
        "settings/x",
        "disks/1/disk-1",
    ):
        (resources.state / file).write_text(file)
    PrivateNotes(resources.own / past.INSTRUCTOR / "notes.json").keep("Ada", "window")
    (resources.own / past.INSTRUCTOR / "report.html").write_text("report")
    return resources


def below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_the_next_class_finds_nothing_of_the_last_one(resources, monkeypatch):
    monkeypatch.setattr(past.time, "strftime", lambda _: "stamp")
    past.forget(resources)
    assert below(resources.state) == {
        "past/stamp.sqlite3",
        "past/stamp.sqlite3-wal",
        "past/stamp/notes.json",
        "past/stamp/report.html",
    }
    assert not PrivateNotes(resources.own / past.INSTRUCTOR / "notes.json").of("Ada")
    assert not (resources.state / "disks").exists()
    assert (resources.state / past.PAST).stat().st_mode & 0o777 == 0o700


def test_a_class_without_an_instructors_screen(tmp_path):
    resources = ClassResources.under(tmp_path)
    resources.own.mkdir(parents=True)
    past.forget(resources)
    past.forget(resources)
    assert below(resources.state) == set()
