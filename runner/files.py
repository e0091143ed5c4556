"""Reading optional files, writing files atomically, finding them, and removing folders."""

import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

OTHERS_WRITE = 0o022
"""The bits of a mode with which the group or anybody may write."""


def files_below(folder: Path, suffix: str) -> list[Path]:
    """The files below a folder with this suffix, sorted by path; unreadable ones are left out.

    Links to files count, and links to folders are not followed.
    """
    found = []
    for place, _, names in os.walk(folder):
        found += [Path(place, name) for name in names if name.endswith(suffix)]
    return sorted(path for path in found if _is_file(path))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False


def is_ours_alone(found: os.stat_result) -> bool:
    """True if the file or folder is this user's, and nobody else may write to it."""
    return found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & OTHERS_WRITE


def file_identity(path: Path) -> tuple[int, int] | None:
    """Device and number of a file; None if there is none."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return status.st_dev, status.st_ino


def text_if_any(path: Path | str) -> str:
    """A file's text without surrounding white space; "" if it is missing or cannot be read."""
    try:
        return Path(path).read_text(errors="replace").strip()
    except OSError:
        return ""


def replace_text(path: Path, text: str) -> None:
    """Make `text` the file's content, as `replace_bytes` does."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Replace a file atomically: readers see the old content or the new, and after a failure the old is there.

    An existing file keeps its permissions; a new one has `mode`, less this process's umask.

    Raises:
        OSError, ValueError: the file cannot be written, or is a device, a pipe or a socket, which would be gone.
    """
    require_replaceable(path)
    # The name does not contain the file's, which may be as long as a name can be.
    temporary = path.with_name(f".new-{os.urandom(8).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with suppress(FileNotFoundError):
                os.fchmod(descriptor, stat.S_IMODE(path.stat().st_mode))
            file.write(content)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def require_replaceable(path: Path) -> None:
    """Raise OSError if a new file would take the place of something that is no regular file, such as /dev/null."""
    with suppress(FileNotFoundError, NotADirectoryError):
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")


def remove_tree(folder: Path) -> OSError | None:
    """Remove a folder with everything in it, also folders without permissions; None if nothing of it is left.

    Whatever cannot be removed stays; returns the first reason.
    """
    if not folder.is_symlink():  # whose target is not ours to open
        _open(folder)
        for place, names, _ in os.walk(folder):
            for name in names:
                _open(Path(place, name))
    try:
        shutil.rmtree(folder)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        return error if os.path.lexists(folder) else None
    return None


def _open(folder: Path) -> None:
    with suppress(OSError):
        if not folder.is_symlink():
            folder.chmod(0o700)
