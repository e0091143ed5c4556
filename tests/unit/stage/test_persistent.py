"""The workspace that is kept between runs."""

from pathlib import Path

import pytest

from runner.stage.persistent import PersistentWorkspace


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped" / "profiles"
    folder.mkdir(parents=True)
    (folder / "default.json").write_text("{}")
    return folder


def test_the_learners_files_survive(tmp_path, files):
    """The learner's changes and new files are there again; deleted files of the workshop come back."""
    first = PersistentWorkspace(tmp_path / "lab", [files])
    first.write("profiles/default.json", '{"mine": 1}')
    first.write("note", "mine")
    beside = first.beside
    first.remove()
    assert not beside.exists()
    second = PersistentWorkspace(tmp_path / "lab", [files])
    assert second.path("profiles/default.json").read_text() == '{"mine": 1}'
    assert second.path("note").read_text() == "mine"
    second.remove()


def test_a_reset_moves_them_aside(tmp_path, files):
    workspace = PersistentWorkspace(tmp_path / "lab", [files])
    workspace.write("profiles/default.json", "broken")
    workspace.write("note", "mine")
    kept = workspace.restore()
    assert workspace.path("profiles/default.json").read_text() == "{}"
    assert not workspace.path("note").exists()
    assert (kept / "note").read_text() == "mine"
    workspace.remove()


def test_a_second_session_is_told_that_it_is_not_alone(tmp_path, files):
    first = PersistentWorkspace(tmp_path / "lab", [files])
    second = PersistentWorkspace(tmp_path / "lab", [files])
    assert not first.shared
    assert second.shared
    first.remove()
    second.remove()
    third = PersistentWorkspace(tmp_path / "lab", [files])
    assert not third.shared
    third.remove()
