"""Writing files as a whole, and finding them."""

import os
from pathlib import Path


def files_below(folder: Path, suffix: str) -> list[Path]:
    """The files below a folder whose name ends so, in the order of their paths; what cannot be looked at is left out.

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


def replace_text(path: Path, text: str) -> None:
    """Make `text` the file's content: readers see the old content or the new, and after a failure the old is there.

    Raises:
        OSError: it cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
