"""`workshop list`, `workshop lint` and `workshop new`, as a user types them."""

import json
import re

import pytest

from runner.cli.main import main
from runner.content import LABS
from runner.lab.read.workshop import read_workshop
from tests.unit.lab.conftest import FRONT

SOUND = f"{FRONT}\n## Step\n\ntext\n"


def test_list_shows_the_shipped_workshops(capsys):
    assert main(["list", "--json"]) == 0
    (workshop,) = json.loads(capsys.readouterr().out)["workshops"]
    assert workshop["id"] == "seccomp"
    assert set(workshop) == {"id", "title", "path", "labs", "tracks", "paths"}
    minutes = {lab["id"]: lab["minutes"] for lab in workshop["labs"]}
    assert [lab for track in workshop["tracks"] for lab in track["labs"]] == list(minutes)
    for way in workshop["tracks"] + workshop["paths"]:
        assert way["minutes"] == sum(minutes[lab] for lab in way["labs"])
    assert all(set(lab) == {"id", "title", "minutes", "path"} for lab in workshop["labs"])


def test_list_of_a_folder_in_text_and_in_json(folder, capsys):
    folder.write(lab=SOUND)
    assert main(["list", str(folder.path.parent)]) == 0
    assert capsys.readouterr().out == "w: W (5 min)\n  1. lab    5 min  Lab\n"
    assert main(["list", "--json", str(folder.path)]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "workshops": [
            {
                "id": "w",
                "title": "W",
                "path": str(folder.path),
                "labs": [{"id": "lab", "title": "Lab", "minutes": 5, "path": str(folder.path / "lab.md")}],
            }
        ]
    }


def test_list_numbers_labs_as_the_app_does_and_wraps_paths(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "70")
    assert main(["list", "seccomp"]) == 0
    shown = capsys.readouterr().out
    workshop = read_workshop(LABS / "seccomp").workshop
    numbered = re.findall(r"^ +(\d+)\. (\S+) ", shown, re.MULTILINE)
    assert numbered == [(str(number), lab.id) for number, lab in enumerate(workshop.labs, 1)]
    assert max(map(len, shown.splitlines())) <= 70


def test_list_shows_readable_workshops_and_reports_the_others(folder, capsys):
    folder.write(lab=SOUND.replace("title: Lab\n", "titel: Lab\n"))
    assert main(["list", str(folder.path)]) == 2
    shown = capsys.readouterr()
    assert shown.out.startswith("w: W")
    assert "lab.md:3: unknown key 'titel'" in shown.err


def test_lint_of_a_sound_workshop(folder, capsys):
    folder.write(lab=SOUND)
    assert main(["lint", str(folder.path)]) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "0 errors, 0 warnings\n")


def test_lint_shows_file_line_message_rule_and_text(folder, capsys):
    folder.write(lab=SOUND.replace("minutes: 5", "minuts: 5"))
    assert main(["lint", str(folder.path)]) == 2
    shown = capsys.readouterr()
    where = f"{folder.path / 'lab.md'}:4"
    assert (
        f"{where}: unknown key 'minuts' in the front matter (did you mean 'minutes'?) [unknown-key]\n    minuts: 5\n"
        in shown.out
    )
    assert shown.err == "2 errors, 0 warnings\n"


def test_lint_sends_no_control_characters_of_a_lab_to_the_terminal(folder, capsys):
    folder.write(lab=f"{SOUND}\n```hints \x1b[2J\n```\n")
    assert main(["lint", str(folder.path)]) == 2
    shown = capsys.readouterr().out
    assert "�[2J" in shown
    assert "\x1b" not in shown


def test_lint_in_json(folder, capsys):
    folder.write(lab=f"{SOUND}\n```container\nname: box\nimage: debian\n```\n")
    assert main(["lint", "--json", str(folder.path)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["counts"] == {"errors": 0, "warnings": 1}
    (problem,) = data["problems"]
    assert problem.pop("message").startswith("the image 'debian'")
    assert problem == {
        "path": str(folder.path / "lab.md"),
        "line": 14,
        "end": 14,
        "severity": "warning",
        "rule": "other-image",
        "text": "image: debian",
    }


def test_lint_of_one_lab_leaves_the_others_out(folder, capsys):
    folder.write(lab=SOUND)
    (folder.path / "stray.md").write_text("")
    assert main(["lint", str(folder.path)]) == 2
    assert main(["lint", str(folder.path / "lab.md")]) == 0
    assert main(["lint", str(folder.path / "stray.md")]) == 2
    assert "stray.md: not a lab of" in capsys.readouterr().err
    assert main(["lint", str(folder.path / "gone.md")]) == 2
    assert "gone.md: no such file" in capsys.readouterr().err


def test_lint_of_a_manifest_is_that_of_its_workshop(folder, capsys):
    folder.write(lab="")
    assert main(["lint", str(folder.path / "workshop.toml")]) == 2
    assert "lab.md:1: a lab starts with front matter" in capsys.readouterr().out


def test_lint_of_a_lab_whose_manifest_cannot_be_read_is_about_the_manifest(folder, capsys):
    folder.write(lab=SOUND)
    (folder.path / "workshop.toml").write_text("")
    assert main(["lint", str(folder.path / "lab.md")]) == 2
    assert "workshop.toml needs 'format = 1'" in capsys.readouterr().out


@pytest.mark.parametrize("files", [[], ["README.md"], ["lab.md"]])
def test_lint_of_a_folder_without_a_manifest_reports_it(tmp_path, capsys, files):
    for name in files:
        (tmp_path / name).write_text(SOUND)
    for path in (tmp_path, *map(tmp_path.joinpath, files)):
        assert main(["lint", str(path)]) == 2
        assert (
            f"{path}: no workshop here\n  next: name a folder with a workshop.toml" in capsys.readouterr().err
        )


@pytest.mark.parametrize("labs", ["", "labs = []\n"])
def test_lint_of_a_workshop_without_labs_is_an_error(folder, capsys, labs):
    folder.path.mkdir(exist_ok=True)
    (folder.path / "workshop.toml").write_text(f"format = 1\nid = 'w'\ntitle = 'W'\nsummary = 's'\n{labs}")
    assert main(["lint", str(folder.path)]) == 2
    assert "workshop.toml needs 'labs'" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["lint", "list"])
def test_a_path_without_a_workshop_is_named_with_the_next_step(tmp_path, capsys, command):
    assert main([command, str(tmp_path / "nowhere")]) == 2
    shown = capsys.readouterr().err
    assert f"{tmp_path / 'nowhere'}: no such file or folder" in shown
    assert "workshop new" in shown


@pytest.mark.parametrize("name", ["My workshop", 'a "quoted" \\ name', "検査", "-"])
def test_new_writes_a_workshop_that_lints_clean(tmp_path, capsys, name):
    assert main(["new", str(tmp_path / "deep" / name)]) == 0
    assert main(["lint", str(tmp_path / "deep" / name)]) == 0
    assert read_workshop(tmp_path / "deep" / name).workshop.title == name


def test_new_leaves_existing_files_alone(folder, capsys):
    folder.write(lab=SOUND)
    assert main(["new", str(folder.path)]) == 2
    assert (folder.path / "lab.md").read_text() == SOUND
    assert main(["new", str(folder.path / "lab.md")]) == 2
    assert main(["new", str(folder.path / "lab.md" / "below")]) == 2
    assert capsys.readouterr().err.count("workshop: ") == 3


def test_list_of_a_path_shows_its_labs_alone(capsys):
    assert main(["list", "--path", "talk", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)["workshops"]
    whole = read_workshop(LABS / "seccomp").workshop
    assert [lab["id"] for lab in listed["labs"]] == list(
        next(path.labs for path in whole.paths if path.id == "talk")
    )
    assert main(["list", "--path", "tlk"]) == 2
    said = capsys.readouterr().err
    assert "there is no path 'tlk' (did you mean talk?)" in said
    assert "name one of: " in said
