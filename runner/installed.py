"""The installed workshops: their folders and their origins."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from runner.errors import UsageError
from runner.files import remove_tree, replace_bytes
from runner.folders import data_folder
from runner.paths import is_file, is_folder

VERSION = 1
UNFINISHED = ".new-"
"""The prefix of folders in which a workshop is examined before it is installed."""
_REPLACED = ".old-"
"""The prefix of a workshop's folder while it is being replaced."""
_CHUNK = 1 << 20
_ABANDONED = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of an installed workshop; `digest` is that of its content when the user agreed to it."""

    source: str
    digest: str
    time: float
    commit: str = ""
    version: int = VERSION


def installed_folder() -> Path:
    """The folder that has a folder for each installed workshop, by id."""
    return data_folder() / "workshops"


def installed() -> tuple[Path, ...]:
    """The installed workshops' folders, sorted by id."""
    folder = installed_folder()
    if not is_folder(folder):
        return ()
    found = (path for path in folder.iterdir() if not path.name.startswith("."))
    return tuple(sorted(path for path in found if is_file(path / "workshop.toml")))


def installed_as(name: str) -> Path | None:
    """The folder of the installed workshop with this id, if there is one."""
    folder = installed_folder() / name
    usable = bool(name) and "/" not in name and not name.startswith(".")
    return folder if usable and is_file(folder / "workshop.toml") else None


def origin(folder: Path) -> Origin | None:
    """The origin of an installed workshop; None if it is not known."""
    try:
        found = json.loads(_origin_file(folder).read_text(encoding="utf-8"))
        return Origin(**found) if found.get("version") == VERSION else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def keep(staged: Path, name: str, source: str, *, commit: str = "") -> Path:
    """Install a staged workshop in place of the one with this id; returns its folder.

    Raises:
        OSError: the folder cannot be written.
    """
    folder = installed_folder() / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Origin(source=source, digest=digest(staged), time=time.time(), commit=commit)
    old = folder.with_name(f"{_REPLACED}{name}")
    remove_tree(old)
    if folder.exists():
        folder.rename(old)
    try:
        staged.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    remove_tree(old)
    replace_bytes(_origin_file(folder), json.dumps(asdict(made), indent=1).encode())
    return folder


def remove(name: str) -> None:
    """Remove an installed workshop.

    Raises:
        UsageError: no workshop with this id is installed.
        OSError: its files could not be removed.
    """
    folder = installed_as(name)
    if folder is None:
        known = ", ".join(path.name for path in installed()) or "none is"
        raise UsageError(f"no workshop {name!r} is installed", remedy=f"installed: {known}")
    if error := remove_tree(folder):
        raise error
    _origin_file(folder).unlink(missing_ok=True)


def sweep() -> None:
    """Remove leftovers, at least a day old, of killed installations; a workshop that was being replaced comes back."""
    for folder in installed_folder().glob(f"{_REPLACED}*"):
        place = folder.with_name(folder.name.removeprefix(_REPLACED))
        with suppress(OSError):
            if place.exists():
                remove_tree(folder)
            else:
                folder.rename(place)
    for folder in installed_folder().glob(f"{UNFINISHED}*"):
        with suppress(OSError):
            if time.time() - folder.lstat().st_mtime > _ABANDONED:
                remove_tree(folder)


def digest(folder: Path) -> str:
    """A digest of the names and contents of all files."""
    whole = hashlib.sha256()
    for path in sorted(_files(folder)):
        name = str(path.relative_to(folder)).encode("utf-8", "surrogateescape")
        content = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                content.update(chunk)
        whole.update(len(name).to_bytes(4, "big") + name + content.digest())
    return whole.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)


def _origin_file(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.json")
