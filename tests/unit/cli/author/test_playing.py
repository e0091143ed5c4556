"""`workshop verify` beside a lab or a workshop that this user may not read."""

import json
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from runner.cli.author import playing, verify
from runner.cli.main import main
from runner.errors import ExitCode, WorkshopError
from runner.lab.read.syntax.source import SIZE_LIMIT
from runner.stage import environment, scratch
from runner.stage.stage import Stage
from runner.stage.workspace import Workspace
from tests.fakes import FakeEngine
from tests.unprivileged import unprivileged

MANIFEST = (
    'format = 1\nid = "w"\ntitle = "W"\nlabs = ["z.md", "b.md", "a.md"]\n{more}[defaults]\nimage = "lab"\n'
)
LAB = "---\nid: {id}\ntitle: Lab\nminutes: 1\nobjectives: [See]\n---\n\n## Step\n\nLook.\n"


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    """An engine for labs that only have a text."""
    found = FakeEngine()

    @contextmanager
    def open_stage(_engine, _workshop):
        workspace = Workspace.temporary(())
        yield Stage(
            engine=found,
            workspace=workspace,
            environment={},
            container_environment={},
            open_console=lambda *_: pytest.fail("nothing is typed"),
        )
        workspace.remove()

    monkeypatch.setattr(verify, "open_chosen_engine", lambda *_args, **_options: found)
    monkeypatch.setattr(environment, "open_stage", open_stage)
    return found


@pytest.fixture
def place(monkeypatch, tmp_path, capsys):
    # Python's own modules may be closed to that user, and the commands import some late.
    open_one = str(write(tmp_path / "w"))
    for command in (["list"], ["lint"], ["verify", "--json", str(tmp_path / "report")]):
        main([*command, open_one])
    main(["verify", "--merge", str(tmp_path / "report")])
    capsys.readouterr()
    with unprivileged() as folder:
        monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
        monkeypatch.setattr("os.getuid", verify.os.geteuid)
        yield folder
        for path in folder.rglob("*"):
            path.chmod(0o700)


def write(folder: Path, more: str = "") -> Path:
    folder.mkdir()
    (folder / "workshop.toml").write_text(MANIFEST.format(more=more))
    for name in "zba":
        (folder / f"{name}.md").write_text(LAB.format(id=name))
    return folder


def reported(path: Path) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each workshop's id, with the labs' ids and outcomes."""
    return [
        (workshop["id"], [(lab["id"], lab["outcome"]) for lab in workshop["labs"]])
        for workshop in json.loads(path.read_text())["workshops"]
    ]


def test_a_closed_lab_is_reported_in_its_place_and_the_others_are_verified(place, capsys):
    paths = '[[paths]]\nid = "p"\ntitle = "P"\nlabs = ["a", "b"]\n'
    made = write(place / "w", more=paths)
    (made / "b.md").chmod(0)
    report = place / "report.json"
    assert main(["verify", str(made), "--json", str(report)]) == ExitCode.USAGE
    assert reported(report) == [("w", [("z", "passed"), ("b.md", "error"), ("a", "passed")])]
    said = capsys.readouterr().out
    assert f"{made}/b.md:1: errored\n    reason    cannot be read: permission denied\n" in said
    assert f"next: open it with `chmod -R u+rX {made}/b.md`" in said
    assert main(["verify", "--merge", str(report)]) == ExitCode.USAGE


def test_a_closed_workshop_is_reported_in_its_place_and_the_others_are_verified(place, capsys):
    folders = [write(place / name) for name in ("one", "two", "three", "four")]
    folders[1].chmod(0)
    folders[2].chmod(0o600)
    report = place / "report.json"
    assert main(["verify", *map(str, folders), "--json", str(report)]) == ExitCode.USAGE
    whole = ("w", [(name, "passed") for name in "zba"])
    closed = [("workshop.toml", "error")]
    assert reported(report) == [whole, ("two", closed), ("three", closed), whole]
    assert f"{folders[1]}/workshop.toml:1: errored" in capsys.readouterr().out


def test_a_closed_folder_beside_workshops_is_told(place, capsys):
    write(place / "all")
    (place / "all/workshop.toml").unlink()
    write(place / "all/w")
    (place / "all/closed").mkdir(mode=0)
    assert main(["verify", str(place / "all")]) == ExitCode.OK
    assert f"note: {place}/all/closed: permission denied; if there is a workshop" in capsys.readouterr().err


def test_a_workshop_with_closed_files_is_reported_and_the_others_are_verified(place, capsys):
    closed = write(place / "closed", more='files = ["profiles"]\n')
    (closed / "profiles").mkdir(mode=0)
    report = place / "report.json"
    assert main(["verify", str(closed), str(write(place / "w")), "--json", str(report)]) == ExitCode.USAGE
    assert [labs for _, labs in reported(report)] == [
        [("workshop.toml", "error")],
        [(name, "passed") for name in "zba"],
    ]
    assert f"next: open it with `chmod -R u+rX {closed}/profiles`" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["verify", "list", "lint"])
def test_where_nothing_can_be_read_each_reason_is_given(place, capsys, command):
    closed = write(place / "closed")
    closed.chmod(0)
    assert main([command, str(closed)]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert "permission denied" in said
    assert f"next: open it with `chmod -R u+rX {closed}" in said


def test_a_lab_that_was_not_asked_for_may_be_closed(place):
    made = write(place / "w")
    (made / "b.md").chmod(0)
    assert main(["verify", str(made), "--lab", "a", "--lab", "1"]) == ExitCode.OK


def test_a_closed_lab_keeps_its_number_and_is_named_by_its_file(place, capsys):
    made = write(place / "w")
    (made / "z.md").chmod(0)
    report = place / "report.json"
    assert main(["verify", str(made), "--lab", "3", "--json", str(report)]) == ExitCode.OK
    assert reported(report) == [("w", [("a", "passed")])]
    for name in ("1", "z.md"):
        capsys.readouterr()
        assert main(["verify", str(made), "--lab", name]) == ExitCode.USAGE
        assert (
            f"nothing can be read:\n{made}/z.md: cannot be read: permission denied" in capsys.readouterr().err
        )
    assert main(["verify", str(made), "--lab", "y"]) == ExitCode.USAGE
    assert "there is no lab 'y'" in capsys.readouterr().err


def test_errors_of_a_lab_that_can_be_read_are_listed_and_nothing_is_played(place, capsys):
    made = write(place / "w")
    (made / "a.md").write_text(LAB.format(id="b"))
    (made / "z.md").chmod(0)
    report = place / "report.json"
    assert main(["verify", str(made), "--json", str(report)]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert f"{made}/a.md:1: the lab id 'b' is taken by b.md [duplicate-id]\n" in said
    assert f"{made}/z.md:1: cannot be read: permission denied [not-readable]\n" in said
    assert "2 errors to fix first\n" in said
    assert "chmod" not in said
    assert not report.exists()


def test_a_lab_that_is_too_large_is_to_be_split(place, capsys):
    made = write(place / "w")
    (made / "b.md").write_text(LAB.format(id="b") + "x" * SIZE_LIMIT)
    assert main(["verify", str(made)]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert f"{made}/b.md:1: larger than 1 MiB; split it [too-large]\n" in said
    assert "chmod" not in said


def test_a_lab_that_is_no_file_is_reported_without_advice_on_permissions(place, capsys):
    made = write(place / "w")
    (made / "b.md").unlink()
    (made / "b.md").mkdir()
    report = place / "report.json"
    assert main(["verify", str(made), "--json", str(report)]) == ExitCode.USAGE
    assert reported(report) == [("w", [("z", "passed"), ("b.md", "error"), ("a", "passed")])]
    said = capsys.readouterr().out
    assert "cannot be read: it is a folder\n" in said
    assert "next: put a text file there, or list another\n" in said


@pytest.mark.parametrize("closed", [".", "workshop.toml"])
@pytest.mark.parametrize("named", ["a.md", "workshop.toml"])
def test_a_named_lab_of_a_closed_workshop_is_an_error(place, capsys, closed, named):
    made = write(place / "w")
    (made / closed).chmod(0)
    assert main(["verify", str(made / named)]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert f"nothing can be read:\n{made}/workshop.toml: cannot be read: permission denied" in said
    assert f"next: open it with `chmod -R u+rX {(made / closed)}`" in said


@pytest.mark.parametrize("named", ["", "a.md"])
@pytest.mark.parametrize(
    ("manifest", "rule"),
    [("format = 1\nid = ", "bad-toml"), (MANIFEST.format(more="").replace('id = "w"\n', ""), "missing-key")],
)
def test_a_manifest_with_errors_is_refused(place, capsys, manifest, rule, named):
    made = write(place / "w")
    (made / "workshop.toml").write_text(manifest)
    assert main(["verify", str(made / named), str(write(place / "other"))]) == ExitCode.USAGE
    said = capsys.readouterr()
    assert f"[{rule}]\n" in said.err
    assert "1 error to fix first\n" in said.err
    assert "chmod" not in said.err + said.out


def test_an_installed_workshop_with_a_broken_manifest_is_left_out(place, capsys, monkeypatch):
    broken, shipped = write(place / "broken"), write(place / "shipped")
    (broken / "workshop.toml").write_text("format = 1\nid = ")
    monkeypatch.setattr(playing, "default_folders", lambda: (shipped, broken))
    assert main(["verify"]) == ExitCode.OK
    said = capsys.readouterr()
    assert f"{broken}: not shown: 1 error; lint it\n" in said.err
    assert "3 labs: 3 passed" in said.out


@pytest.mark.parametrize(("page", "closed"), [("glossary.md", ""), ("es/a.md", ""), ("es/a.md", "es")])
def test_a_closed_page_that_is_no_lab_is_an_error(place, capsys, page, closed):
    made = write(place / "w")
    (made / page).parent.mkdir(exist_ok=True)
    (made / page).touch()
    (made / (closed or page)).chmod(0o600 if closed else 0)
    assert main(["verify", str(made)]) == ExitCode.USAGE
    assert f"{made}/{page}:1: cannot be read: permission denied [not-readable]\n" in capsys.readouterr().err


def test_a_named_file_that_is_no_lab_is_an_error(place, capsys):
    made = write(place / "w")
    (made / "readme.md").touch()
    assert main(["verify", str(made / "readme.md")]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert f"{made}/readme.md: not a lab of {made}\n" in said
    assert f"next: name one that {made}/workshop.toml lists\n" in said


def test_a_workshop_in_a_folder_that_is_called_like_a_lab_is_verified(place, capsys):
    assert main(["verify", str(write(place / "w.md"))]) == ExitCode.OK
    assert "3 labs: 3 passed" in capsys.readouterr().out


def test_a_shard_without_a_lab_to_play_needs_no_engine(place, monkeypatch):
    made = write(place / "w")
    (made / "b.md").chmod(0)
    monkeypatch.setattr(verify, "open_chosen_engine", lambda *_args, **_options: pytest.fail("an engine"))
    report, junit = place / "report.json", place / "report.xml"
    words = ["verify", str(made), "--shard", "2/3", "--json", str(report), "--junit", str(junit)]
    assert main(words) == ExitCode.USAGE
    assert reported(report) == [("w", [("b.md", "error")])]
    (suite,) = ET.parse(junit).getroot()  # noqa: S314 - our own file
    assert (suite.get("name"), suite.get("tests"), suite.get("errors")) == ("w.b.md", "1", "1")


def test_a_closed_folder_in_a_workspace_is_named_when_the_workspace_is_copied(place, monkeypatch):
    monkeypatch.setattr(scratch, "_base", lambda: place / "scratch")
    workspace = Workspace.temporary(())
    (workspace.root / "sealed").mkdir(mode=0)
    with pytest.raises(WorkshopError, match=r"^cannot copy \S*/sealed, .*: permission denied$") as refused:
        workspace.copy()
    assert refused.value.remedy
    workspace.remove()
