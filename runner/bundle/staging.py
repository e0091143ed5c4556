"""A folder for untrusted files: regular files under safe names, within limits, and nothing else."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runner.errors import UsageError

_CHUNK = 1 << 20
_DEEPEST = 20
_LONGEST_NAME = 200


class RefusedError(UsageError):
    """A file or a folder is refused; the message names it and the reason."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The limits, in files and bytes."""

    files: int = 5000
    bytes: int = 200 << 20
    file_bytes: int = 50 << 20


WORKSHOP = Bounds()
BUNDLE = Bounds(files=20_000, bytes=4 << 30, file_bytes=2 << 30)


class Staging:
    """Writes files below `folder`, an empty folder of the caller."""

    def __init__(self, folder: Path, bounds: Bounds = WORKSHOP) -> None:
        self._folder = folder
        self._bounds = bounds
        self._names: dict[str, str] = {}
        self._members = 0
        self.bytes = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the accepted files, in order."""
        return tuple(self._names.values())

    def count(self) -> None:
        """Count an entry of any kind before it is examined.

        Raises:
            RefusedError: there are too many entries.
        """
        self._members += 1
        if self._members > self._bounds.files:
            raise RefusedError(f"there are more than {self._bounds.files} files and folders")

    def add(self, name: str, chunks: Iterable[bytes], *, executable: bool = False) -> Path:
        """Accept a file, and return its path.

        Raises:
            RefusedError: its name, its size, or the number of files is not acceptable.
        """
        path = self._folder.joinpath(*safe_parts(name))
        # On a file system that ignores case, the second would replace the first.
        folded = "/".join(safe_parts(name)).casefold()
        if folded in self._names:
            raise RefusedError(f"{name} is there twice")
        self.count()
        self._names[folded] = name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        except (FileExistsError, NotADirectoryError) as error:
            raise RefusedError(f"{name} is a file and a folder at once") from error
        with os.fdopen(descriptor, "wb") as file:
            size = 0
            for chunk in chunks:
                size += len(chunk)
                self.bytes += len(chunk)
                if size > self._bounds.file_bytes:
                    raise RefusedError(f"{name} has more than {megabytes(self._bounds.file_bytes)}")
                if self.bytes > self._bounds.bytes:
                    raise RefusedError(f"there is more than {megabytes(self._bounds.bytes)} in it")
                file.write(chunk)
            if executable:
                os.fchmod(file.fileno(), 0o755)
        return path


def safe_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a relative path that stays below its folder.

    Raises:
        RefusedError: it may lead out, or is not printable.
    """
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name:
        raise RefusedError(f"{_shown(name)} would lead out of the folder")
    if len(parts) > _DEEPEST or any(len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in parts):
        raise RefusedError(f"{_shown(name)} is too long")
    if not name.isprintable() or any(0xD800 <= ord(character) <= 0xDFFF for character in name):
        raise RefusedError(f"{_shown(name)} is not a printable name")
    return parts


def _shown(name: str) -> str:
    return ascii(name)[1:-1][:60]


def megabytes(count: int) -> str:
    """A size, in words."""
    return f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def pieces(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The content of a file, piece by piece."""
    while chunk := read(_CHUNK):
        yield chunk
