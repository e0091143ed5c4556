"""Where is kept between runs what can be made again."""

import os
from collections.abc import Mapping
from pathlib import Path

_NAME = "seccomp-workshop"


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The program's folder for images, workshops that were read, and profiles for engines; not created here."""
    environ = os.environ if environ is None else environ
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", _NAME)
