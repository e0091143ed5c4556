"""The workshops and labs that words of a command line stand for."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from runner.cli.author import playing
from runner.cli.workshops import (
    along,
    chosen_lab,
    labs_named,
    load_workshops,
    named_workshop,
    workshop_folders,
)
from runner.content import LABS
from runner.errors import UsageError
from runner.lab.template import write_template


@pytest.fixture(scope="module")
def loaded():
    return load_workshops([], linted=False)


@pytest.mark.parametrize(
    ("words", "workshops", "lab"),
    [
        ((None, None), [], None),
        (("deny", None), [], "deny"),
        (("2", None), [], "2"),
        (("seccomp", None), ["seccomp"], None),
        (("seccomp", "deny"), ["seccomp"], "deny"),
    ],
)
def test_one_word_is_a_workshop_or_else_a_lab(words, workshops, lab, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = None if words[0] is None else Path(words[0])
    assert named_workshop(path, words[1]) == ([Path(one) for one in workshops], lab)


def test_a_name_is_a_lab_if_the_folder_of_that_name_has_no_workshop(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deny").mkdir()
    assert named_workshop(Path("deny"), None) == ([], "deny")
    shutil.copytree(LABS / "seccomp", tmp_path / "check")
    assert named_workshop(Path("check"), None) == ([Path("check")], None)


@pytest.mark.parametrize(
    ("path", "lab", "said"),
    [
        (
            "denny",
            None,
            "denny: no such file or folder, and no lab has this id or number (did you mean deny?)",
        ),
        ("secomp", None, "(did you mean seccomp?)"),
        ("99", None, "no lab has this id or number"),
        ("./deny", "deny", "deny: no such file or folder"),
        ("labs/deny", None, "labs/deny: no such file or folder"),
        ("deny.md", None, "deny.md: no such file or folder"),
    ],
)
def test_a_name_that_is_neither_is_reported(path, lab, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as refused:
        named_workshop(Path(path), lab)
    assert said in str(refused.value)
    assert "workshop.toml" in refused.value.remedy


def test_an_id_and_the_number_of_the_list_name_the_same_lab(loaded):
    ((workshop, labs),) = loaded
    for number, lab in enumerate(workshop.labs, 1):
        assert chosen_lab(loaded, lab.id) == chosen_lab(loaded, str(number)) == (workshop, lab)
    assert workshop_folders(Path("seccomp")) == (workshop.path,)
    # The number is that of the whole list, also if only some labs are selected.
    assert chosen_lab([(workshop, labs[3:])], "4")[1] is labs[3]


def test_a_name_that_several_workshops_have_needs_its_workshop(loaded):
    ((workshop, labs),) = loaded
    other = replace(workshop, id="other", labs=labs[:2])
    both = [*loaded, (other, other.labs)]
    for name in (labs[0].id, "1"):
        with pytest.raises(UsageError, match="2 workshops have a lab") as refused:
            chosen_lab(both, name)
        assert refused.value.remedy == "name its workshop too: seccomp or other"
        assert len(labs_named(both, name)) == 2
    assert chosen_lab(both, labs[2].id) == (workshop, labs[2])


def test_an_id_that_is_a_number_comes_before_numbers(loaded):
    ((workshop, labs),) = loaded
    named = replace(workshop, labs=(labs[0], labs[1], replace(labs[2], id="1")))
    assert chosen_lab([(named, named.labs)], "1")[1] is named.labs[2]


def test_verify_takes_the_same_names_and_asks_what_was_meant():
    assert [lab.id for _, lab in playing.chosen_labs([], ["deny", "1"])] == ["check", "deny"]
    with pytest.raises(UsageError, match=r"no lab 'chek' \(did you mean check\?\)") as refused:
        playing.chosen_labs([], ["chek"])
    assert refused.value.remedy == "`workshop list` shows the ids and numbers of the labs"


def test_the_list_in_the_remedy_has_the_workshop_in_it(tmp_path):
    made = write_template(tmp_path / "my labs")
    with pytest.raises(UsageError) as refused:
        chosen_lab(load_workshops([made], linted=False), "nothing")
    assert refused.value.remedy.startswith(f"`workshop list '{made}'` shows")


def on_paths(folder: Path, *paths: str) -> Path:
    """A workshop with these paths."""
    made = write_template(folder)
    manifest = made / "workshop.toml"
    lab = next(made.glob("*.md")).read_text().split("id: ")[1].split()[0]
    more = "".join(f'[[paths]]\nid = "{path}"\ntitle = "P"\nlabs = ["{lab}"]\n' for path in paths)
    manifest.write_text(manifest.read_text() + more)
    return made


def workshops(folders):
    return [workshop for workshop, _ in load_workshops(folders, linted=False)]


def test_a_path_of_two_workshops_needs_its_workshop(tmp_path):
    one, two = on_paths(tmp_path / "one", "talk", "own"), on_paths(tmp_path / "two", "talk")
    both = workshops([one, two])
    with pytest.raises(UsageError, match=r"^2 workshops have a path 'talk': one and two$") as refused:
        along(both, "talk")
    assert refused.value.remedy == f"name its workshop too: {one} or {two}"
    assert along(both, "own").id == "one"
    # The same workshop, named twice, is one.
    assert along(workshops([one, one]), "talk").id == "one"


def test_where_no_workshop_has_paths_none_is_to_be_given(tmp_path):
    made = [write_template(tmp_path / name) for name in ("one", "two")]
    for paths, whose in ((made, "these workshops have"), (made[:1], "this workshop has")):
        with pytest.raises(UsageError, match="there is no path 'talk'") as refused:
            along(workshops(paths), "talk")
        assert refused.value.remedy == f"give none: {whose} no paths"
