"""Finding files, replacing them, and removing folders."""

import os
from pathlib import Path

import pytest

from runner.files import files_below, remove_tree, replace_text
from tests.unprivileged import unprivileged


def test_a_closed_folder_goes_with_what_is_in_it() -> None:
    with unprivileged() as place:
        inner = place / "tree" / "closed" / "inner"
        inner.mkdir(parents=True)
        (inner / "file").write_text("")
        inner.chmod(0o600)
        inner.parent.chmod(0o000)
        assert remove_tree(place / "tree") is None
        assert not (place / "tree").exists()


def test_what_cannot_be_removed_is_told_and_all_else_goes() -> None:
    with unprivileged() as place:
        closed = place / "closed"
        closed.mkdir()
        for name in ("a", "tree", "z"):
            (closed / name).mkdir()
        closed.chmod(0o500)
        error = remove_tree(closed / "tree")
        assert isinstance(error, PermissionError)
        closed.chmod(0o700)
        assert remove_tree(closed) is None


def test_a_link_stays_with_its_target(tmp_path: Path) -> None:
    (tmp_path / "theirs/closed").mkdir(parents=True)
    (tmp_path / "theirs/closed").chmod(0o500)
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    assert remove_tree(tmp_path / "link") is not None
    assert (tmp_path / "theirs/closed").stat().st_mode & 0o777 == 0o500


def test_the_target_of_a_link_stays(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir(mode=0o755)
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "theirs")
    remove_tree(tmp_path / "tree")
    assert (tmp_path / "theirs").stat().st_mode & 0o777 == 0o755


def test_a_missing_folder_is_no_error(tmp_path: Path) -> None:
    assert remove_tree(tmp_path / "none") is None


def test_files_are_found_by_their_ending_wherever_they_are(tmp_path: Path) -> None:
    """Links to files count; those that lead nowhere, in circles or to folders do not, nor what only ends so."""
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("b.json", "deep/a.json", "deep/er/[c].json", "deep/text"):
        (tmp_path / name).write_text("{}")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "link.json").symlink_to("b.json")
    (tmp_path / "nowhere.json").symlink_to("none")
    (tmp_path / "round.json").symlink_to("round.json")
    (tmp_path / "deep" / "again").symlink_to(tmp_path)
    found = [str(path.relative_to(tmp_path)) for path in files_below(tmp_path, ".json")]
    assert found == ["b.json", "deep/a.json", "deep/er/[c].json", "link.json"]


def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert files_below(tmp_path / "none", ".json") == []


def test_only_a_file_is_replaced(tmp_path: Path) -> None:
    """Root would replace /dev/null as well, for everybody."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("pipe")
    for name in ("pipe", "link"):
        with pytest.raises(OSError, match="not a regular file"):
            replace_text(tmp_path / name, "text")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "pipe"]
    assert (tmp_path / "pipe").is_fifo()
