"""A learner's progress goes on, whatever becomes of the file that it is written to."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from runner.errors import UsageError
from runner.learner.progress.journal import Journal
from runner.record.event import HintShown, StepEntered
from runner.record.sqlite.store import SqliteStore


def write_as_another_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def test_a_file_that_another_version_writes_meanwhile_is_trouble_and_no_end(tmp_path):
    path = tmp_path / "record"
    journal = Journal(SqliteStore(path), "me")
    journal.record(StepEntered(), "workshop", "lab", "step")
    for left in tmp_path.iterdir():
        left.unlink()
    write_as_another_version(path)
    journal.record(HintShown(), "workshop", "lab", "step")
    assert journal.lab("workshop", "lab").of("step").hints == 1
    assert "has version 99" in journal.trouble
    assert journal.unsaved == 1
    assert journal.events() == ()

    path.unlink()
    journal.record(HintShown(), "workshop", "lab", "step")
    assert journal.trouble == ""
    assert journal.unsaved == 0
    assert len(journal.events()) == 2
    write_as_another_version(path)
    journal.close()


def test_it_does_not_begin_with_what_it_cannot_read(tmp_path):
    write_as_another_version(tmp_path / "record")
    with pytest.raises(UsageError, match="version 99"):
        Journal(SqliteStore(tmp_path / "record"), "me")


def test_it_catches_up_with_another_program_of_the_same_learner(tmp_path):
    path = tmp_path / "record"
    with closing(Journal(SqliteStore(path), "me")) as one, closing(Journal(SqliteStore(path), "me")) as two:
        assert not one.catch_up()
        two.record(StepEntered(), "workshop", "lab", "step")
        two.record(HintShown(), "workshop", "lab", "step")
        assert one.lab("workshop", "lab").hints == 0
        assert one.catch_up()
        assert one.progress == two.progress
        assert not one.catch_up()
        one.record(HintShown(), "workshop", "lab", "step")
        assert not one.catch_up(), "what it has recorded itself is no news"
        assert two.catch_up()
        assert two.lab("workshop", "lab").hints == 2


def test_what_could_not_be_read_at_once_is_read_later(tmp_path, monkeypatch):
    path = tmp_path / "record"

    def locked(store, _learner):
        store.unread = True
        return ()

    with closing(Journal(SqliteStore(path), "me")) as one, closing(Journal(SqliteStore(path), "me")) as two:
        two.record(StepEntered(), "workshop", "lab", "step")
        with monkeypatch.context() as failing:
            failing.setattr(SqliteStore, "events", locked)
            assert not one.catch_up()
        assert one.catch_up()
        assert one.progress == two.progress


def test_what_cannot_be_written_is_not_lost_by_catching_up(tmp_path):
    path = tmp_path / "record"
    journal = Journal(SqliteStore(path), "me")
    journal.record(StepEntered(), "workshop", "lab", "step")
    for left in tmp_path.iterdir():
        left.unlink()
    write_as_another_version(path)
    journal.record(HintShown(), "workshop", "lab", "step")
    assert not journal.catch_up()
    assert journal.lab("workshop", "lab").hints == 1
    journal.close()
