"""Finding the programs of the private engine."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

_SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin:/usr/libexec/docker:/usr/lib/docker"


def search_path(environ: Mapping[str, str] | None = None) -> str:
    """The user's PATH followed by the system's folders, some of which an ordinary user's PATH lacks."""
    environ = os.environ if environ is None else environ
    folders = [*environ.get("PATH", "").split(os.pathsep), *_SYSTEM.split(":")]
    return os.pathsep.join(dict.fromkeys(os.path.realpath(path) for path in folders if path.startswith("/")))


def find(name: str) -> str | None:
    """The program's path, searched also in system folders that an ordinary user's PATH lacks."""
    found = shutil.which(name, path=search_path())
    # If system programs are links below /run, the engine does not see them there.
    return str(Path(found).parent.resolve() / name) if found else None
