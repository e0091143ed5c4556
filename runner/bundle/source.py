"""Getting a workshop from where it is: a folder, an archive, or a git repository."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.bundle.archive import unpack
from runner.bundle.staging import WORKSHOP, RefusedError, Staging, megabytes, pieces
from runner.errors import UsageError, harmless
from runner.paths import Kind, look

_GIT_SECONDS = 300.0
_GIT_PROTOCOLS = "https:ssh:git:http:file"
_URL = re.compile(r"(?:https?|ssh|git|file)://\S+|[\w.-]+@[\w.-]+:\S+")
_GIT_FILE_BLOCKS = WORKSHOP.bytes // 512
_PACKED = "content.tar"
_LEFT_OUT = {".git", ".hg", ".svn", "__pycache__", ".venv", "node_modules"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was brought into a folder; `source` says where from, `commit` which state of a repository it is."""

    source: str
    commit: str = ""


def is_url(text: str) -> bool:
    """Whether it names a repository rather than a path."""
    return bool(_URL.fullmatch(text)) and not look(text).exists


def fetch(source: str, folder: Path, scratch: Path) -> Fetched:
    """Bring what is at `source` into the empty `folder`; `scratch` is another empty one.

    Raises:
        RefusedError: it holds what is not taken.
        UsageError: there is nothing to be had there.
    """
    staging = Staging(folder)
    if is_url(source):
        commit = _packed(source, scratch)
        unpack(scratch / _PACKED, staging)
        return Fetched(_without_password(source), commit)
    found = look(source)
    if found.kind is Kind.FOLDER:
        _copy(Path(source), staging)
    elif found.kind is Kind.FILE:
        unpack(Path(source), staging)
    else:
        raise UsageError(
            f"{source}: {found.problem or 'not a file'}",
            remedy="name a workshop's folder, an archive of one, a bundle, or a git repository's URL",
        )
    return Fetched(str(Path(source).resolve()))


def _copy(folder: Path, staging: Staging) -> None:
    for path in _walk(folder):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            raise RefusedError(f"{name} is no regular file but a link")
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if look(path).kind is not Kind.FILE:
                raise RefusedError(f"{name} is no regular file")
            staging.add(name, pieces(file.read), executable=os.access(path, os.X_OK))


def _walk(folder: Path) -> Iterator[Path]:
    for place, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if name not in _LEFT_OUT)
        links = [name for name in names if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in (*links, *sorted(files)))


def _packed(url: str, scratch: Path) -> str:
    """Pack the newest state of a repository into an archive in `scratch`; its commit.

    Nothing is checked out: a small repository can have endless files, which an archive shows before they are written.

    Raises:
        UsageError: it cannot be had.
    """
    if url.startswith("-"):
        raise UsageError(f"{url}: no URL")
    clone, packed = str(scratch / "clone"), str(scratch / _PACKED)
    _git(
        url,
        "clone",
        "--quiet",
        "--depth",
        "1",
        "--no-tags",
        "--no-recurse-submodules",
        "--no-checkout",
        "--",
        url,
        clone,
    )
    # Not by the repository's own attributes, for which git holds the names of all files in memory.
    _git(url, "-C", clone, "archive", "--worktree-attributes", "--format=tar", f"--output={packed}", "HEAD")
    return _git(url, "-C", clone, "rev-parse", "HEAD")


def _git(url: str, *words: str) -> str:
    """What git says; no file that it writes may be larger than all that is taken in.

    Raises:
        UsageError: it failed.
    """
    settings = {"core.hooksPath": "/dev/null", "core.fsmonitor": "false"}
    options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    limited = ["/bin/sh", "-c", f'ulimit -f {_GIT_FILE_BLOCKS}; exec "$@"', "sh", "git", *options, *words]
    environment = os.environ | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ALLOW_PROTOCOL": _GIT_PROTOCOLS,
        "GIT_LFS_SKIP_SMUDGE": "1",
        "LC_ALL": "C",
    }
    where = harmless(_without_password(url))
    try:
        done = subprocess.run(
            limited,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UsageError(f"{where}: git took more than {_GIT_SECONDS:g} s") from error
    said = harmless(done.stderr.decode(errors="replace").strip())
    if done.returncode == -signal.SIGXFSZ or f"died of signal {signal.SIGXFSZ:d}" in said:
        raise RefusedError(f"{where}: there is more than {megabytes(WORKSHOP.bytes)} in it")
    if done.returncode:
        last = said.splitlines()[-1] if said else f"git ended with {done.returncode}"
        missing = "not found" in said and "git" in last
        raise UsageError(
            f"{where}: {last}", remedy="install git" if missing else "check the address and the network"
        )
    return done.stdout.decode(errors="replace").strip()


def _without_password(url: str) -> str:
    return re.sub(r"(?<=://)[^/@]*@", "", url)
