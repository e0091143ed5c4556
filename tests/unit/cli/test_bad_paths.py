"""For any bad name on the command line: a message with the place and the fault, and exit status 2 or 3."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from runner.cli import main as command_line
from runner.cli.main import main
from runner.errors import ExitCode

NAMES = ["x" * 300, "a/" * 3000, "a\0b", "\udc80x", "loop", "loop/x", "dangling", "file/x", "pipe/x"]
COMMANDS = [
    ["list", "NAME"],
    ["lint", "NAME"],
    ["verify", "NAME"],
    ["new", "NAME"],
    ["verify", "w", "--json", "NAME"],
    ["verify", "w", "--junit", "NAME"],
    ["profile", "lint", "NAME"],
    ["profile", "show", "NAME"],
    ["profile", "resolve", "NAME"],
    ["profile", "explain", "NAME", "chmod"],
    ["profile", "simulate", "NAME", "chmod"],
    ["profile", "diff", "default", "NAME"],
    ["profile", "import", "NAME"],
    ["profile", "export", "NAME", "--to", "lxc"],
    ["profile", "edit", "NAME", "--deny", "chmod"],
]
MANIFEST = (
    'format = 1\nid = "w"\ntitle = "W"\nsummary = "S"\nlabs = [{labs}]\n{more}[defaults]\nimage = "lab"\n'
)
LAB = "---\nid: a\ntitle: A\nminutes: 1\nobjectives: [See]\n---\n\n## Step\n\nText.\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for variable in ("HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(tmp_path / "home"))
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("/nowhere/x")
    os.mkfifo(tmp_path / "pipe")
    workshop(tmp_path / "w", labs='"ok.md", "gone.md"')
    return tmp_path


def workshop(folder: Path, *, labs: str = '"ok.md"', more: str = "") -> Path:
    folder.mkdir()
    (folder / "workshop.toml").write_text(MANIFEST.format(labs=labs, more=more))
    (folder / "ok.md").write_text(LAB)
    return folder


def ended(argv: list[str]) -> int:
    try:
        return main(argv)
    except SystemExit as end:
        return int(end.code or 0)


@pytest.mark.parametrize("name", NAMES, ids=["long", "deep", "nul", "bytes", *NAMES[4:]])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_unusable_name_is_reported(
    command: list[str], name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if command[0] == "new" and name == "\udc80x":
        pytest.skip("a folder may have such a name")
    code = ended([name if word == "NAME" else word for word in command])
    said = "".join(capsys.readouterr())
    assert code in {ExitCode.USAGE, ExitCode.ENGINE}, said
    assert said.startswith(("workshop", "<", "usage", str(name)[:20], "w/")) or "error" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("named", ["x" * 300 + ".md", "a\\u0000.md", "loop.md", "pipe.md", "folder.md"])
@pytest.mark.parametrize("command", ["list", "lint", "verify"])
def test_labs_and_folders_of_a_manifest_are_looked_at_safely(
    folder: Path, command: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = workshop(folder / "labs", labs=f'"ok.md", "{named}"', more=f'files = ["{named}"]\n')
    (made / "loop.md").symlink_to("loop.md")
    os.mkfifo(made / "pipe.md")
    (made / "folder.md").mkdir()
    assert main([command, str(made)]) == ExitCode.USAGE
    assert "workshop.toml" in "".join(capsys.readouterr())


@pytest.mark.parametrize("file", ["p.json", "x" * 250 + ".json"])
def test_a_profile_of_a_lab_that_cannot_be_read_is_a_problem_of_the_lab(
    folder: Path, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = workshop(folder / "labs", more='files = ["profiles"]\n')
    (made / "profiles").mkdir()
    os.mkfifo(made / "profiles/p.json")
    with (made / "ok.md").open("a") as lab:
        lab.write(f"\n```container name=box\nsecurity_opt: [seccomp=profiles/{file}]\n```\n")
    assert main(["lint", str(made)]) == ExitCode.USAGE
    assert file[:20] in "".join(capsys.readouterr())


def test_an_unwritable_cache_is_done_without(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "file"))
    shutil.copytree(folder / "w", folder / "good")
    (folder / "good/workshop.toml").write_text(MANIFEST.format(labs='"ok.md"', more=""))
    assert main(["list", str(folder / "good")]) == ExitCode.OK


def test_an_unusable_state_folder_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WORKSHOP_STATE_DIR", str(folder / "file"))
    assert main(["progress"]) in {ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE}
    assert "Traceback" not in capsys.readouterr().err


def test_scarce_resources_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line._system_error(OSError(errno.EMFILE, "Too many open files")) == ExitCode.ENGINE
    said = capsys.readouterr().err
    assert "file descriptors" in said
    assert "ulimit -n" in said


@pytest.mark.parametrize("lang", [["--lang", "eo"], []], ids=["a language", "none"])
def test_a_missing_language_is_reported_before_a_missing_terminal(
    lang: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEXTUAL_DRIVER", raising=False)
    assert ended(["run", *lang]) == ExitCode.USAGE
    expected = "there is nothing in the language 'eo'" if lang else "the labs need a terminal"
    assert expected in capsys.readouterr().err
