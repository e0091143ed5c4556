"""The workspace that is kept between runs."""

import os
import tempfile
from pathlib import Path

import pytest

from runner.errors import WorkshopError
from runner.files import remove_tree
from runner.stage import persistent, scratch
from runner.stage.drafts import Draft
from runner.stage.persistent import PersistentWorkspace, forget
from tests.unprivileged import close, unprivileged


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


def test_closed_folders_are_moved_aside_and_deleted_as_others(files, monkeypatch):
    with unprivileged() as place:
        monkeypatch.setattr(scratch, "_base", lambda: place / "scratch")
        monkeypatch.setattr("os.getuid", os.geteuid)
        workspace = PersistentWorkspace(place / "lab", [])
        for _ in range(3):
            close(workspace.root / "sealed")
            close(workspace.beside / "sealed")
            kept = workspace.restore()
            assert not (workspace.root / "sealed").exists()
            assert (kept / "sealed").exists()
            workspace.remove()
            assert list((place / "scratch").iterdir()) == []
            workspace = PersistentWorkspace(place / "lab", [])
        workspace.remove()
        assert forget(place / "lab")
        assert not (place / "lab").exists()


def test_a_reset_does_not_depend_on_whether_earlier_files_can_be_deleted(tmp_path, files, monkeypatch):
    """A container that ran as root may have left some there."""

    def stubborn(folder):
        if (folder / "roots").exists():
            return PermissionError(13, "Permission denied")
        return remove_tree(folder)

    monkeypatch.setattr(persistent, "remove_tree", stubborn)
    workspace = PersistentWorkspace(tmp_path / "lab", [files])
    for number in range(3):
        workspace.write("roots", str(number))
        kept = workspace.restore()
        assert (kept / "roots").read_text() == str(number)
        assert not workspace.path("roots").exists()
    monkeypatch.setattr(persistent, "remove_tree", remove_tree)
    assert workspace.restore() == tmp_path / "lab" / "before-reset"
    assert [path.name for path in (tmp_path / "lab").glob("before*")] == ["before-reset"]
    workspace.remove()


def test_a_reset_that_fails_leaves_files_and_drafts(tmp_path, files, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    workspace = PersistentWorkspace(tmp_path / "lab", [files])
    workspace.write("note", "mine")
    workspace.drafts.keep(Draft("note", "unsaved", "mine"))
    with monkeypatch.context() as now:
        now.setattr("shutil.copyfile", full)
        with pytest.raises(WorkshopError, match="space") as raised:
            workspace.restore()
    assert raised.value.remedy
    assert workspace.path("note").read_text() == "mine"
    assert workspace.drafts.names == ("note",)
    workspace.restore()
    assert workspace.drafts.names == ()
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


@pytest.mark.parametrize("part", ["new_scratch", "shutil.copyfile"])
def test_one_that_cannot_be_filled_is_not_in_use(tmp_path, files, monkeypatch, part):
    def full(*_):
        raise OSError(28, "No space left on device")

    # The usual folder is also used by other programs that run now.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = PersistentWorkspace(tmp_path / "other", [files])
    scratch = before.beside.parent
    before.remove()
    others = set(scratch.iterdir())
    with monkeypatch.context() as now:
        now.setattr(persistent, part, full) if part == "new_scratch" else now.setattr(part, full)
        with pytest.raises((OSError, WorkshopError), match="space"):
            PersistentWorkspace(tmp_path / "lab", [files])
    assert set(scratch.iterdir()) == others
    again = PersistentWorkspace(tmp_path / "lab", [files])
    assert not again.shared
    again.remove()


def test_a_copy_is_a_temporary_workspace(tmp_path, files):
    workspace = PersistentWorkspace(tmp_path / "lab", [files])
    workspace.write("note", "mine")
    twin = workspace.copy()
    assert twin.path("note").read_text() == "mine"
    twin.write("note", "the twin's")
    assert workspace.path("note").read_text() == "mine"
    twin.remove()
    assert not twin.root.exists()
    workspace.remove()
