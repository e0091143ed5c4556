"""What commands print: data to a file or standard output, talk to standard error."""

import stat
import sys
from pathlib import Path

from runner.errors import UsageError
from runner.files import replace_text

_REMEDY = "name a file in a folder that can be written to"


def say(text: str) -> None:
    """Tell the user, beside the data."""
    print(text, file=sys.stderr, flush=True)


def counted(number: int, plural: str) -> str:
    """`1 lab`, `2 labs`."""
    return f"{number} {plural.removesuffix('s') if number == 1 else plural}"


def check_target(target: str) -> None:
    """Refuse a file that could not be written later, before anything is done for it.

    Raises:
        UsageError: its folder does not exist, or it is a folder itself.
    """
    path = Path(target)
    if target != "-" and (path.is_dir() or not path.parent.is_dir()):
        reason = "it is a folder" if path.is_dir() else f"there is no folder {path.parent}"
        raise UsageError(f"cannot write {target}: {reason}", remedy=_REMEDY)


def write_text(target: str, text: str) -> None:
    """Write `text` to a file, as a whole, or to standard output for `-`.

    A link stays one and its target changes, the file's permissions stay, and what is no regular file
    (`/dev/stdout`, a pipe) is written to as it is.

    Raises:
        UsageError: the file cannot be written.
    """
    if target == "-":
        sys.stdout.write(text)
        return
    try:
        path = Path(target)
        mode = path.stat().st_mode if path.exists() else None
        if mode is None or stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            replace_text(path.resolve(), text)
        else:
            path.write_text(text, encoding="utf-8")
        if mode is not None and stat.S_ISREG(mode):
            path.chmod(stat.S_IMODE(mode))
    except OSError as error:
        raise UsageError(f"cannot write {target}: {error.strerror}", remedy=_REMEDY) from error
