"""Writing files as a whole."""

import os
from pathlib import Path


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
