"""`workshop progress` in a terminal, in a pipe, and over a record that is not as it should be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from runner.cli.main import main
from runner.folders import STATE_OVERRIDE as OVERRIDE
from runner.learner.home import lab_folder, learner_name, progress_file
from runner.learner.progress.journal import Journal
from runner.record.event import CheckPassed, LabFinished, LabOpened, StepEntered
from runner.record.sqlite.store import SqliteStore
from runner.stage.persistent import PersistentWorkspace

MAIN = "import sys; from runner.cli.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.fixture
def state(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv(OVERRIDE, str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def begun(state: Path) -> Path:
    """A learner who has begun no-chmod; the lab's folder."""
    journal = Journal(SqliteStore(progress_file(state)), learner_name())
    for happening in (LabOpened(), StepEntered(), LabFinished()):
        journal.record(happening, "seccomp", "no-chmod", "profiles")
    journal.record(CheckPassed("chmod-fails"), "seccomp", "no-chmod", "profiles")
    journal.close()
    folder = lab_folder(state, "seccomp", "no-chmod")
    PersistentWorkspace(folder, []).remove()
    return folder


def standing(capsys) -> str:
    capsys.readouterr()
    assert main(["progress", "--json"]) == 0
    labs = json.loads(capsys.readouterr().out)["workshops"][0]["labs"]
    return next(lab["standing"] for lab in labs if lab["id"] == "no-chmod")


def listed(capsys) -> str:
    assert main(["list", "--json"]) == 0
    return capsys.readouterr().out


def run(*words: str, **environment: str) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-c", MAIN, *words]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})


def test_before_anything_was_done_all_is_new(state, capsys):
    assert main(["progress"]) == 0
    shown = capsys.readouterr()
    (workshop,) = json.loads(listed(capsys))["workshops"]
    assert shown.out.count("○") == len(workshop["labs"])
    assert all(track["title"] in shown.out for track in workshop["tracks"] if track["labs"])
    assert shown.err == ""


@pytest.mark.usefixtures("begun")
def test_progress_is_a_table_with_the_time_that_a_lab_takes_or_took(capsys):
    assert main(["progress"]) == 0
    out = capsys.readouterr().out
    rows = {words[1]: row for row in out.splitlines() if (words := row.split())[0] in {"○", "◐", "✓"}}
    titles = {title["id"]: title["title"] for title in json.loads(listed(capsys))["workshops"][0]["labs"]}
    assert len({rows[lab].index(title) for lab, title in titles.items()}) == 1
    assert rows["check"].endswith("  about 10 min")
    assert rows["no-chmod"].endswith("  done, 1/6 checks, less than a minute")
    assert f"1 of {len(titles)} labs done, 1 of " in out


def test_a_tick_of_a_lab_that_was_only_looked_into_is_not_counted(state, capsys):
    journal = Journal(SqliteStore(progress_file(state)), learner_name())
    journal.record(StepEntered(), "seccomp", "deny", "deny-all")
    (check, *_) = _checks_of(capsys, "deny")
    journal.record(CheckPassed(check), "seccomp", "deny", "deny-all")
    journal.close()
    assert main(["progress"]) == 0
    assert " labs done, 0 of " in capsys.readouterr().out


def _checks_of(capsys, name: str) -> list[str]:
    assert main(["progress", "--json"]) == 0
    labs = json.loads(capsys.readouterr().out)["workshops"][0]["labs"]
    return next(list(lab["checks"]) for lab in labs if lab["id"] == name)


@pytest.mark.usefixtures("begun")
def test_an_output_that_lacks_the_marks_gets_the_words():
    shown = run("progress", PYTHONIOENCODING="ascii")
    assert shown.returncode == 0, shown.stderr
    assert b"? no-chmod" in shown.stdout
    assert b"done, 1/6 checks" in shown.stdout


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
@pytest.mark.parametrize("words", ["progress", "list --json", "run"])
def test_a_stream_that_the_caller_closed_is_no_crash(state, closed, words):
    line = f'"$0" -c "$1" {words} {closed}'
    ended = subprocess.run(["/bin/sh", "-c", line, sys.executable, MAIN], capture_output=True, check=False)
    assert b"Traceback" not in ended.stderr
    assert ended.returncode == (2 if words == "run" else 0)


def test_a_reset_forgets_and_reports_it(begun, capsys):
    assert main(["progress", "--reset"]) == 0
    assert capsys.readouterr().err == "forgot 1 lab\n"
    assert not begun.exists()
    assert standing(capsys) == "new"
    assert main(["progress", "--reset"]) == 0
    assert capsys.readouterr().err == "there was nothing to forget\n"


def test_a_reset_leaves_a_lab_that_is_open_alone(begun, capsys):
    """Its session has the files before it, and would write on into a folder that is gone."""
    workspace = PersistentWorkspace(begun, [])
    workspace.write("note", "mine")
    assert main(["progress", "--reset"]) == 1
    assert "open in a session, and kept: no-chmod\n  next: leave the lab there" in capsys.readouterr().err
    assert workspace.path("note").read_text() == "mine"
    assert standing(capsys) == "finished"
    workspace.remove()


def test_a_reset_that_cannot_be_written_deletes_nothing(begun, state, capsys):
    for suffix in ("-wal", "-shm"):
        progress_file(state).with_name(progress_file(state).name + suffix).mkdir()
    assert main(["progress", "--reset"]) == 1
    assert "the progress cannot be written" in capsys.readouterr().err
    assert begun.exists()
    assert standing(capsys) == "finished", "it can be read all the same"


def test_a_damaged_record_is_replaced_and_reported(begun, state, capsys):
    progress_file(state).write_bytes(b"no database")
    assert main(["progress", "--json"]) == 0
    shown = capsys.readouterr()
    assert "was damaged" in shown.err
    assert json.loads(shown.out)


def test_a_record_that_cannot_be_read_is_an_error_with_a_remedy(state, capsys):
    progress_file(state).mkdir(parents=True)
    assert main(["progress"]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "the progress cannot be read" in shown.err
    assert "next: try again; if it stays so, free some space" in shown.err
