import errno
import os
from pathlib import Path

import pytest

from runner.paths import Kind, is_file, is_folder, look, read_bytes, why


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "file").write_text("text")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "linked").symlink_to("file")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "kind", "problem"),
    [
        ("file", Kind.FILE, ""),
        ("linked", Kind.FILE, ""),
        (".", Kind.FOLDER, ""),
        ("pipe", Kind.OTHER, ""),
        ("dangling", Kind.MISSING, "no such file or folder"),
        ("nowhere", Kind.MISSING, "no such file or folder"),
        ("file/below", Kind.MISSING, "a part of the path is not a folder"),
        ("loop", Kind.UNKNOWN, "a link that leads back to itself"),
        ("x" * 300, Kind.UNKNOWN, "the name is too long"),
        ("a\0b", Kind.UNKNOWN, "the name holds a NUL"),
        ("\ud800", Kind.UNKNOWN, "the name contains bytes that are not text"),
    ],
)
def test_every_name_has_an_answer(folder: Path, name: str, kind: Kind, problem: str) -> None:
    for path in (folder / name, f"{folder}/{name}"):
        found = look(path)
        assert (found.kind, found.problem) == (kind, problem)
    assert is_file(folder / name) == (kind is Kind.FILE)
    assert is_folder(folder / name) == (kind is Kind.FOLDER)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_a_closed_folder_hides_what_is_in_it(folder: Path) -> None:
    folder.chmod(0)
    assert look(folder / "file").problem == "permission denied"
    folder.chmod(0o700)


def test_the_reason_for_another_kind_is_given(folder: Path) -> None:
    assert look(folder / "file").not_a(Kind.FILE) == ""
    assert look(folder / "file").not_a(Kind.FOLDER) == "it is a file"
    assert look(folder / "pipe").not_a(Kind.FILE) == "it is not a regular file"
    assert look(folder / "nowhere").not_a(Kind.FILE) == "no such file or folder"


@pytest.mark.parametrize("name", ["pipe", ".", "/dev/zero"])
def test_only_regular_files_are_read(folder: Path, name: str) -> None:
    with pytest.raises(OSError, match="it is"):
        read_bytes(folder / name, 10)


def test_no_more_is_read_than_shows_that_there_is_too_much(folder: Path) -> None:
    assert read_bytes(folder / "file", 10) == b"text"
    assert read_bytes(folder / "file", 2) == b"tex"


def test_the_systems_words_are_used_where_there_are_no_better_ones() -> None:
    assert why(OSError(errno.EACCES, "Permission denied")) == "permission denied"
    assert why(OSError(errno.EROFS, "Read-only file system")) == "read-only file system"
    assert why(ValueError("something else")) == "something else"
