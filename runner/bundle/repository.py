"""Packs untrusted git repositories without checking them out."""

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

from runner.bundle.staging import WORKSHOP, RefusedError, megabytes
from runner.errors import UsageError, harmless

_SECONDS = 300.0
_PROTOCOLS = "https:ssh:git:http:file"
_FILE_BLOCKS = WORKSHOP.bytes // 512
_NO_PROGRAM = 127
"""A shell's exit status for a program that does not exist."""
_MOST_SAID = 1 << 16
_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    # Files are packed as they are in the repository, whatever this user's git settings.
    "core.autocrlf": "false",
    "core.eol": "lf",
    "core.attributesFile": "/dev/null",
}
_OF_ONE_REPOSITORY = {
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX"),
    *(
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_NAMESPACE",
        "GIT_SHALLOW_FILE",
        "GIT_GRAFT_FILE",
        "GIT_ATTR_SOURCE",
    ),
    *("GIT_REPLACE_REF_BASE", "GIT_NO_REPLACE_OBJECTS", "GIT_IMPLICIT_WORK_TREE", "GIT_TEMPLATE_DIR"),
}
"""Variables that name another repository, such as one whose hook runs us; git rev-parse --local-env-vars."""


def pack(url: str, scratch: Path) -> tuple[Path, str]:
    """Pack the newest state of a repository into an archive in the empty folder `scratch`; return it and the commit.

    Nothing is checked out: a small repository can have huge files, which an archive reveals before they are written.

    Raises:
        RefusedError: it is too large.
        UsageError: it cannot be fetched.
    """
    if url.startswith("-"):
        raise UsageError(f"{url}: no URL")
    clone, packed = str(scratch / "clone"), scratch / "content.tar"
    shallow = ("--depth", "1", "--no-tags", "--no-recurse-submodules", "--no-checkout")
    _git(url, scratch, "clone", "--quiet", *shallow, "--", url, clone)
    # Ignore the repository's own attributes, for which git would keep the names of all files in memory.
    options = ("--worktree-attributes", "--format=tar", f"--output={packed}")
    _git(url, scratch, "-C", clone, "archive", *options, "HEAD")
    return packed, _git(url, scratch, "-C", clone, "rev-parse", "HEAD")


def without_password(url: str) -> str:
    """A URL without its password, for display and storage."""
    return re.sub(r"(?<=://)[^/]*@", "", url)


def _git(url: str, scratch: Path, *words: str) -> str:
    """Run a git command and return its output; no file that it writes may exceed the size limit.

    Raises:
        RefusedError: a file was larger.
        UsageError: git failed.
    """
    options = [word for key, value in _SETTINGS.items() for word in ("-c", f"{key}={value}")]
    limited = ["/bin/sh", "-c", f'ulimit -f {_FILE_BLOCKS}; exec "$@"', "sh", "git", *options, *words]
    where = harmless(without_password(url))
    # Not pipes, which processes started by git would keep open after its end.
    output, complaints = scratch / "output", scratch / "complaints"
    with output.open("wb") as out, complaints.open("wb") as err:
        try:
            done = subprocess.run(
                limited,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                env=_environment(os.environ),
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise UsageError(f"{where}: git took more than {_SECONDS:g} s") from error
    said = _beginning(complaints).replace(url, where)
    if done.returncode == -signal.SIGXFSZ or f"died of signal {signal.SIGXFSZ:d}" in said:
        raise RefusedError(f"{where}: there is more than {megabytes(WORKSHOP.bytes)} in it")
    if done.returncode == _NO_PROGRAM:
        raise UsageError(f"{where}: git is not installed", remedy="install git")
    if done.returncode:
        raise UsageError(
            f"{where}: {_reason(said) or f'git ended with {done.returncode}'}",
            remedy="check the address and the network",
        )
    return _beginning(output)


def _reason(said: str) -> str:
    """The line of git's output that gives the reason; the lines after it are advice."""
    lines = [line for line in said.splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return next(iter(told or lines[-1:]), "")


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in environ.items() if name not in _OF_ONE_REPOSITORY}
    return kept | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": _PROTOCOLS,
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C",
    }


def _beginning(file: Path) -> str:
    with file.open("rb") as opened:
        return harmless(opened.read(_MOST_SAID).decode(errors="replace").strip())
