"""Fetches a workshop from its source: a folder, an archive, or a git repository."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.bundle.archive import unpack
from runner.bundle.repository import pack, without_password
from runner.bundle.staging import RefusedError, Staging, pieces
from runner.errors import UsageError
from runner.lab.read.folder import MANIFEST
from runner.paths import Kind, is_file, look

_URL = re.compile(r"(?:https?|ssh|git|file)://\S+|[\w.-]+@[\w.-]+:\S+")
_LEFT_OUT = {".git", ".hg", ".svn", "__pycache__", ".venv", "node_modules"}


@dataclass(frozen=True, slots=True)
class Fetched:
    """The source of a fetched workshop; `commit` is the state of a repository."""

    source: str
    commit: str = ""


def is_url(text: str) -> bool:
    """True if the text names a repository rather than a path."""
    return bool(_URL.fullmatch(text)) and not look(text).exists


def fetch(source: str, folder: Path, scratch: Path) -> Fetched:
    """Fetch the files at `source` into the empty `folder`; `scratch` is another empty one.

    Raises:
        RefusedError: it has unacceptable content.
        UsageError: there is nothing to fetch.
    """
    staging = Staging(folder)
    if is_url(source):
        archive, commit = pack(source, scratch)
        unpack(archive, staging)
        return Fetched(without_password(source), commit)
    found = look(source)
    if found.kind is Kind.FOLDER:
        _require_workshop(source)
        _copy(Path(source), staging)
    elif found.kind is Kind.FILE:
        unpack(Path(source), staging)
    else:
        raise UsageError(
            f"{source}: {found.problem or 'not a file'}",
            remedy="name a workshop's folder, an archive of one, a bundle, or a git repository's URL",
        )
    return Fetched(str(Path(source).resolve()))


def _require_workshop(source: str) -> None:
    """Refuse a folder without a workshop before its files are looked at, which could be any."""
    folder = Path(source)
    manifests = (f"{'*/' * depth}{MANIFEST}" for depth in range(3))
    if not any(is_file(path) for pattern in manifests for path in folder.glob(pattern)):
        raise UsageError(
            f"{source}: no workshop in it", remedy=f"a workshop is a folder with a {MANIFEST}; name one"
        )


def _copy(folder: Path, staging: Staging) -> None:
    for path in _walk(folder):
        name = str(path.relative_to(folder))
        if path.is_symlink():
            raise RefusedError(f"{name} is not a regular file but a link")
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if look(path).kind is not Kind.FILE:
                raise RefusedError(f"{name} is not a regular file")
            staging.add(name, pieces(file.read), executable=os.access(path, os.X_OK))


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        # Without what is in a closed folder, it would be another workshop.
        raise error

    for place, names, files in os.walk(folder, onerror=refuse):
        names[:] = sorted(name for name in names if name not in _LEFT_OUT)
        links = [name for name in names if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in (*links, *sorted(files)))
