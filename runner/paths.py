"""Looking at a named path: there is always an answer, and a reason if the path can't be used."""

import errno
import os
import stat
from enum import StrEnum


class Kind(StrEnum):
    """The kind of file at a path, links followed."""

    FILE = "a file"
    FOLDER = "a folder"
    SOCKET = "a socket"
    OTHER = "not a regular file"
    MISSING = "no such file or folder"
    UNKNOWN = "unknown"


class Look:
    """The result of a look; `problem` says why nothing is known, or that nothing is there, and is empty otherwise."""

    __slots__ = ("kind", "problem")

    def __init__(self, kind: Kind, problem: str = "") -> None:
        self.kind = kind
        self.problem = problem

    @property
    def exists(self) -> bool:
        """True if the path certainly exists."""
        return self.kind not in {Kind.MISSING, Kind.UNKNOWN}

    def not_a(self, wanted: Kind) -> str:
        """The reason why this is not of the kind `wanted`, or "" if it is."""
        return "" if self.kind is wanted else self.problem or f"it is {self.kind}"


_WORDS = {
    errno.EACCES: "permission denied",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ELOOP: "a link that leads back to itself",
    errno.ENOTDIR: "a part of the path is not a folder",
    errno.ENOSPC: "no space left on device",
    errno.EDQUOT: "disk quota exceeded",
    errno.EROFS: "read-only file system",
    errno.EMFILE: "too many open files",
}


def look(path: str | os.PathLike[str]) -> Look:
    """Look at `path`; never an error, whatever the name contains."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - for any path-like, and pathlib is slow to import
    except (FileNotFoundError, NotADirectoryError) as error:
        return Look(Kind.MISSING, why(error))
    except (OSError, ValueError) as error:
        return Look(Kind.UNKNOWN, why(error))
    if stat.S_ISREG(mode):
        return Look(Kind.FILE)
    if stat.S_ISSOCK(mode):
        return Look(Kind.SOCKET)
    return Look(Kind.FOLDER if stat.S_ISDIR(mode) else Kind.OTHER)


def is_file(path: str | os.PathLike[str]) -> bool:
    """True if a regular file is there."""
    return look(path).kind is Kind.FILE


def is_folder(path: str | os.PathLike[str]) -> bool:
    """True if a folder is there."""
    return look(path).kind is Kind.FOLDER


def is_socket(path: str | os.PathLike[str]) -> bool:
    """True if a Unix socket is there."""
    return look(path).kind is Kind.SOCKET


def closed(folder: str | os.PathLike[str]) -> str:
    """The reason that this user may not see what is in a folder; "" if they may, or if no folder is there."""
    try:
        with os.scandir(folder):
            # Names can be listed without permission to reach what they name.
            os.stat(os.path.join(folder, "."))  # noqa: PTH116, PTH118 - as in `look`
    except PermissionError as error:
        return why(error)
    except (OSError, ValueError):
        return ""
    return ""


def why(error: OSError | ValueError) -> str:
    """The reason that a path or a file could not be used, in a few words without the path."""
    if isinstance(error, OSError):
        if error.errno == errno.ENOENT:
            return str(Kind.MISSING)
        return _WORDS.get(error.errno or 0) or (error.strerror or str(error)).lower()
    if "null" in str(error):
        return "the name holds a NUL"
    return "the name contains bytes that are not text" if isinstance(error, UnicodeError) else str(error)


def read_bytes(path: str | os.PathLike[str], most: int) -> bytes:
    """The content of a regular file; at most `most` + 1 bytes, so that the caller sees that there are more.

    Anything but a regular file is not opened: a pipe would block, and a device may have no end.

    Raises:
        OSError, ValueError: it can't be read; `why` has words for it.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, f"it is {Kind.FOLDER}")
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, f"it is {Kind.OTHER}")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most + 1)
    finally:
        os.close(descriptor)
