"""`workshop report` and `workshop record`, as a user gives them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from runner.cli.main import main
from runner.learner.home import learner_name, progress_file
from runner.record.event import CheckPassed, CheckTried, Event, LabOpened, NotesKept, StepEntered, Trial
from runner.record.sqlite.store import SqliteStore


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "seccomp-workshop"


def write(path: Path, *learners: str) -> Path:
    happenings = (
        LabOpened(),
        StepEntered(),
        CheckTried("chmod-fails", Trial.FAILED, "exit status 0"),
        CheckPassed("chmod-fails"),
        NotesKept("my own thoughts"),
    )
    with closing(SqliteStore(path)) as store:
        for learner in learners:
            for happening in happenings:
                step = "" if isinstance(happening, LabOpened | NotesKept) else "profiles"
                event = Event(
                    learner=learner,
                    workshop="seccomp",
                    lab="no-chmod",
                    step=step,
                    time=5,
                    happening=happening,
                )
                store.append(event)
    return path


def test_ones_own_record(state, capsys):
    write(progress_file(state), learner_name())
    assert main(["report", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [learner["name"] for learner in found["learners"]] == [learner_name()]
    assert found["failures"][0]["observed"] == "exit status 0"
    assert "my own thoughts" not in json.dumps(found)


def test_the_sandbox_is_no_step(state, capsys):
    write(progress_file(state), learner_name())
    with closing(SqliteStore(progress_file(state))) as store:
        for place, happening in (("", LabOpened()), ("sandbox", StepEntered())):
            event = Event(
                learner=learner_name(),
                workshop="sandbox",
                lab="sandbox",
                step=place,
                time=6,
                happening=happening,
            )
            store.append(event)
    assert main(["report", "--json"]) == 0
    workshops = {step["workshop"] for step in json.loads(capsys.readouterr().out)["steps"]}
    assert workshops == {"seccomp"}


def test_many_records_at_once(state, tmp_path, capsys):
    """Records of several machines, where everybody may be called the same."""
    files = [write(tmp_path / name / "progress.sqlite3", "user") for name in ("red", "blue")]
    other = write(tmp_path / "class.sqlite3", "ada")
    assert main(["report", "--json", str(files[0].parent), str(files[1]), str(other), str(other)]) == 0
    names = [learner["name"] for learner in json.loads(capsys.readouterr().out)["learners"]]
    assert names == ["user (red)", "user (blue)", "ada"]
    assert main(["report", "--csv", "--anonymous", *map(str, files)]) == 0
    out = capsys.readouterr().out
    assert "user" not in out
    assert "learner 2" in out


def test_reading_changes_nothing(state, tmp_path, capsys):
    file = write(tmp_path / "class.sqlite3", "ada")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert main(["report", str(file), "--html", "-o", str(tmp_path / "report.html")]) == 0
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert "ada" in after.pop("report.html").decode()
    assert after == before


@pytest.mark.parametrize(
    "content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000], ids=["empty", "text", "damaged"]
)
def test_other_files_are_not_records(state, tmp_path, capsys, content):
    path = tmp_path / "x.sqlite3"
    path.write_bytes(content)
    code = main(["report", str(path)])
    err = capsys.readouterr().err
    assert str(path) in err
    assert (code, "not a record" in err) in {(2, True), (0, False)}
    assert path.read_bytes() == content


@pytest.mark.parametrize("name", ["missing.sqlite3", "empty", "a\0b"])
def test_without_a_record(state, tmp_path, capsys, name):
    (tmp_path / "empty").mkdir()
    assert main(["report", str(tmp_path / name)]) == 2
    assert "next: name a record" in capsys.readouterr().err


def test_a_newer_record_is_not_guessed_at(state, tmp_path, capsys):
    path = write(tmp_path / "x.sqlite3", "ada")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 9")
    assert main(["report", str(path)]) == 2
    assert "version 9" in capsys.readouterr().err


def test_nothing_recorded_yet(state, capsys):
    assert main(["report"]) == 2
    assert main(["record", "show"]) == 0
    assert main(["record", "delete"]) == 0
    assert "nothing" in capsys.readouterr().err


def test_all_that_is_recorded_can_be_seen_and_deleted(state, capsys):
    path = progress_file(state)
    write(path, learner_name(), "somebody else")
    (damaged := path.with_name("progress.damaged-1.sqlite3")).write_bytes(b"my own thoughts")
    assert main(["record", "show"]) == 0
    out = capsys.readouterr().out
    assert "tried" in out
    assert "my own thoughts" in out
    assert main(["record", "show", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert main(["record", "delete"]) == 2, "without a terminal it asks nobody"
    assert "--yes" in capsys.readouterr().err
    assert main(["record", "delete", "--yes"]) == 0
    assert "deleted 5 events" in capsys.readouterr().err
    assert not damaged.exists()
    with closing(SqliteStore(path)) as store:
        assert tuple(store.learners()) == ("somebody else",)
