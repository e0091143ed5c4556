"""Text to a file or, for `-`, to standard output."""

import os
import sys
from pathlib import Path

from runner.errors import UsageError


def write_text(target: str, text: str) -> None:
    """Write `text` as a whole: after a failure the file's old content is still there."""
    if target == "-":
        sys.stdout.write(text)
        return
    path = Path(target)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(
            f"cannot write {target}: {error.strerror}",
            remedy="name a file in a folder that can be written to",
        ) from error
