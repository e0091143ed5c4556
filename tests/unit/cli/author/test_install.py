"""`workshop install`, `uninstall`, and what `list` makes of it."""

import io
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from runner.cli.main import main
from runner.installed import installed, installed_folder


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setattr("sys.stdin", io.StringIO())


@pytest.fixture
def workshop(tmp_path: Path, capsys) -> Path:
    """A workshop from elsewhere that runs a command on the machine."""
    folder = tmp_path / "elsewhere"
    assert main(["new", str(folder)]) == 0
    lab = folder / "01-first.md"
    lab.write_text(
        lab.read_text() + '\n## Outside\n\n```console\n$ echo "on your machine"\non your machine\n```\n'
    )
    capsys.readouterr()
    return folder


def listed(capsys) -> dict:
    assert main(["list", "--json"]) == 0
    return {one["id"]: one for one in json.loads(capsys.readouterr().out)["workshops"]}


def test_it_shows_the_commands_and_asks(workshop, capsys):
    assert main(["install", str(workshop)]) == 2
    err = capsys.readouterr().err
    assert '$ echo "on your machine"' in err
    assert "add --yes" in err
    assert installed() == ()


def test_an_installed_workshop_is_listed_linted_and_removed(workshop, capsys):
    assert main(["install", str(workshop), "--yes"]) == 0
    found = listed(capsys)["elsewhere"]
    assert found["installed"] == {"from": str(workshop), "commit": None, "changed": False}
    assert "seccomp" in listed(capsys)
    assert main(["lint", "elsewhere"]) == 0
    assert main(["uninstall", "elsewhere"]) == 0
    assert list(installed_folder().iterdir()) == []
    assert main(["uninstall", "elsewhere"]) == 2


def test_later_changes_are_reported(workshop, capsys):
    assert main(["install", str(workshop), "--yes"]) == 0
    lab = installed()[0] / "01-first.md"
    lab.write_text(lab.read_text() + "\nMore.\n")
    assert listed(capsys)["elsewhere"]["installed"]["changed"] is True


def test_a_broken_installed_workshop_does_not_hide_the_others(workshop, capsys):
    assert main(["install", str(workshop), "--yes"]) == 0
    (installed()[0] / "01-first.md").write_text("# no lab")
    assert main(["progress"]) == 0
    done = capsys.readouterr()
    assert "elsewhere: not shown" in done.err
    assert done.out


def test_installing_again_replaces(workshop, capsys):
    for title in ("First", "Second"):
        text = (workshop / "workshop.toml").read_text().splitlines()
        lines = [f'title = "{title}"' if line.startswith("title") else line for line in text]
        (workshop / "workshop.toml").write_text("\n".join(lines))
        assert main(["install", str(workshop), "--yes"]) == 0
    assert "It replaces the one" in capsys.readouterr().err
    assert listed(capsys)["elsewhere"]["title"] == "Second"


def test_a_repository(workshop, capsys):
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(workshop)]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *words], check=True)
    head = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert main(["install", f"file://{workshop}", "--yes"]) == 0
    found = listed(capsys)["elsewhere"]["installed"]
    assert found == {"from": f"file://{workshop}", "commit": head, "changed": False}
    assert not (installed()[0] / ".git").exists()
    assert main(["install", "file:///nowhere/x.git", "--yes"]) == 2


def copying(folder, outside):
    """Have the workshop copy the files of a folder into each workspace."""
    manifest = folder / "workshop.toml"
    lines = [line for line in manifest.read_text().splitlines() if not line.startswith("files")]
    manifest.write_text("\n".join([lines[0], f'files = ["{outside}"]', *lines[1:]]))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "workshop.toml").write_text("id = 3"), "so it is not installed"),
        (lambda folder: (folder / "workshop.toml").unlink(), "no workshop in it"),
        (lambda folder: (folder / "link").symlink_to("/etc"), "link is not a regular file"),
        (
            lambda folder: (folder / "workshop.toml").write_text(
                (folder / "workshop.toml").read_text().replace('id = "elsewhere"', 'id = "seccomp"')
            ),
            "came with this program",
        ),
        (lambda folder: copying(folder, "/etc"), "copies files from outside of its folder: /etc"),
        (lambda folder: copying(folder, ".."), "copies files from outside of its folder: "),
    ],
)
def test_a_workshop_that_is_not_installed(workshop, capsys, change, said):
    change(workshop)
    assert main(["install", str(workshop), "--yes"]) == 2
    assert said in capsys.readouterr().err
    assert installed() == ()
    assert [path for path in installed_folder().parent.rglob("*") if path.is_file()] == []


def test_two_workshops_of_one_id(workshop, capsys):
    """The second would take the place of the first, which was agreed to as well."""
    both = workshop.parent / "both"
    for name in ("one", "two"):
        shutil.copytree(workshop, both / name)
    assert main(["install", str(both), "--yes"]) == 2
    assert "two workshops in it have the id 'elsewhere'" in capsys.readouterr().err
    assert installed() == ()


def test_a_folder_without_a_workshop_is_called_that_whatever_else_is_in_it(tmp_path, capsys):
    """A link there, as in /etc, is no reason to give."""
    folder = tmp_path / "etc"
    (folder / "deep" / "deeper").mkdir(parents=True)
    (folder / "localtime").symlink_to("/usr/share/zoneinfo/UTC")
    assert main(["install", str(folder), "--yes"]) == 2
    assert f"{folder}: no workshop in it\n  next: a workshop is a folder" in capsys.readouterr().err


def test_its_texts_cannot_act_on_the_terminal(workshop, capsys):
    manifest = workshop / "workshop.toml"
    lines = [
        'title = "a\\u001b[8m\\nb"' if line.startswith("title") else line
        for line in manifest.read_text().splitlines()
    ]
    manifest.write_text("\n".join(lines))
    main(["install", str(workshop), "--yes"])
    assert "\x1b" not in capsys.readouterr().err
