"""Reading other people's records."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from runner.errors import UsageError
from runner.record.event import CheckTried, Event, Trial
from runner.record.reading import read_record
from runner.record.rows import COLUMNS
from runner.record.sqlite.store import SqliteStore
from tests.unprivileged import unprivileged

ACTS = "\x1b]0;owned\x07\x1b[2J"


def kept(folder: Path, **changes: str) -> Path:
    """A record with one event."""
    place = {"learner": "ada", "workshop": "w", "lab": "l", "step": "s"} | changes
    path = folder / "handed-in.sqlite3"
    with closing(SqliteStore(path)) as store:
        store.append(Event(**place, time=1.0, happening=CheckTried("c", Trial.FAILED, ACTS)))
    return path


@pytest.mark.parametrize("field", ["learner", "workshop", "lab", "step"])
def test_nothing_in_it_acts_on_a_terminal(tmp_path, field):
    events, trouble = read_record(kept(tmp_path, **{field: f"ada{ACTS}"}))
    assert not trouble
    assert getattr(events[0], field) == "ada�]0;owned��[2J"
    assert events[0].happening.observed == "�]0;owned��[2J"


@pytest.mark.parametrize(("learner", "time"), [(1, 1.0), ("eve", float("inf"))])
def test_rows_that_this_program_does_not_write_are_left_out(tmp_path, learner, time):
    path = kept(tmp_path)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("ALTER TABLE event RENAME TO old")
        file.execute(f"CREATE TABLE event (id INTEGER PRIMARY KEY, {COLUMNS})")
        file.execute("INSERT INTO event SELECT * FROM old")
        file.execute("INSERT INTO event VALUES (9, ?, 'w', 'l', 's', 'alive', ?, '{}')", (learner, time))
    events, _ = read_record(path)
    assert [event.learner for event in events] == ["ada"]


def test_a_view_is_no_record(tmp_path):
    """It could be one without an end."""
    path = kept(tmp_path)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("ALTER TABLE event RENAME TO old")
        file.execute("CREATE VIEW event AS SELECT * FROM old")
    with pytest.raises(UsageError, match="not a record"):
        read_record(path)


def test_a_closed_file_is_said_to_be_closed():
    with unprivileged() as place:
        path = kept(place)
        path.chmod(0)
        with pytest.raises(UsageError, match="cannot be read: permission denied"):
            read_record(path)
