"""What several commands share: the engine's options, and output to a file or `-`."""

import argparse
import os
import sys
from pathlib import Path

from runner.errors import UsageError


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which engine to use."""
    group = parser.add_argument_group("engine")
    group.add_argument(
        "--engine",
        metavar="ENDPOINT",
        help="`private`, an address (unix:///…), or a Docker context; default: the safest that works",
    )
    group.add_argument(
        "--yes", action="store_true", help="use a rootful engine without asking, if there is no safer one"
    )


def write_text(target: str, text: str) -> None:
    """Write to the file `target` as a whole, or to standard output for `-`."""
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
