"""Repositories of strangers, and what git says of them."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from runner.bundle import repository
from runner.bundle.repository import pack, without_password
from runner.bundle.source import fetch
from runner.bundle.staging import RefusedError
from runner.errors import UsageError


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def git(folder: Path, *words: str, said: str = "") -> str:
    """git's answer in a folder."""
    command = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org", "-C", str(folder), *words]
    return subprocess.run(command, input=said, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def there(tmp_path: Path) -> str:
    """The URL of a repository with one file."""
    folder = tmp_path / "there"
    folder.mkdir()
    (folder / "file").write_bytes(b"one\ntwo\n")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        git(folder, *words)
    return f"file://{folder}"


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Replaces git by a script."""

    def program(script: str) -> None:
        (tmp_path / "git").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "git").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return program


def test_the_repository_that_runs_us_is_not_taken_for_it(there, empty, tmp_path, monkeypatch):
    """As in a hook, where git names its repository in variables."""
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "-q")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / "index"))
    into = tmp_path / "into"
    into.mkdir()
    fetch(there, into, empty)
    assert [path.name for path in into.iterdir()] == ["file"]


def test_files_are_as_they_are_whatever_the_user_likes(there, empty, tmp_path, monkeypatch):
    (tmp_path / "likes").write_text("[core]\n autocrlf = true\n eol = crlf\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "likes"))
    archive, _ = pack(there, empty)
    assert b"one\ntwo\n" in archive.read_bytes()


@pytest.mark.parametrize(
    ("script", "told", "remedy"),
    [
        (
            "echo 'fatal: Could not read from remote repository.' >&2; echo >&2; "
            "echo 'Please make sure you have the correct access rights' >&2; "
            "echo 'and the repository exists.' >&2; exit 128",
            "fatal: Could not read from remote repository.",
            "address",
        ),
        ("echo \"fatal: repository 'https://h/x.git/' not found\" >&2; exit 128", "not found", "address"),
        ("echo 'a \033[8m b' >&2; exit 1", "a �[8m b", "address"),
        ("exit 9", "git ended with 9", "address"),
        ("exit 127", "git is not installed", "install git"),
        (
            'echo "fatal: cannot reach https://me:pass@w@h/x.git" >&2; exit 1',
            "reach https://h/x.git",
            "address",
        ),
    ],
)
def test_why_it_cannot_be_had(empty, program, script, told, remedy):
    program(script)
    with pytest.raises(UsageError) as refused:
        pack("https://me:pass@w@h/x.git", empty)
    assert told in str(refused.value)
    assert remedy in refused.value.remedy
    assert "pass" not in str(refused.value)


def test_processes_started_by_git_do_not_exceed_the_time_limit(empty, program, tmp_path, monkeypatch):
    goes_on = tmp_path / "goes-on"
    goes_on.touch()
    program(f"while [ -e {goes_on} ]; do sleep 0.05; done & wait")
    monkeypatch.setattr(repository, "_SECONDS", 0.3)
    try:
        with pytest.raises(UsageError, match="git took more than"):
            # With pipes, it would wait for the end of processes that go on.
            pack("https://h/x.git", empty)
    finally:
        goes_on.unlink()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:secret@h/x.git", "https://h/x.git"),
        ("https://me:se@cret@h/x@y.git", "https://h/x@y.git"),
        ("ssh://git@h/x", "ssh://h/x"),
        ("git@h:x/y", "git@h:x/y"),
        ("https://h/a@b", "https://h/a@b"),
    ],
)
def test_a_password_is_neither_shown_nor_kept(url, shown):
    assert without_password(url) == shown


@pytest.mark.parametrize("limit", [None, 1 << 20])
def test_a_repository_of_endless_files_is_never_checked_out(tmp_path, monkeypatch, limit):
    """Each of its folders is twenty times the one in it: 8,000 files from four objects."""
    folder, into, scratch = (tmp_path / name for name in ("repository", "into", "scratch"))
    for one in (folder, into, scratch):
        one.mkdir()
    git(folder, "init", "-q")
    found = f"100644 blob {git(folder, 'hash-object', '-w', '--stdin')}"
    for _ in range(3):
        lines = [f"{found}\t{number}\n" for number in range(20)]
        found = f"040000 tree {git(folder, 'mktree', said=''.join(lines))}"
    git(folder, "update-ref", "HEAD", git(folder, "commit-tree", "-m", "x", found.split()[-1]))
    if limit:
        monkeypatch.setattr(repository, "_FILE_BLOCKS", limit // 512)
    with pytest.raises(RefusedError, match="there is more than" if limit else "more than 5000 files"):
        fetch(f"file://{folder}", into, scratch)
    assert [path.name for path in (scratch / "clone").iterdir()] == [".git"]
