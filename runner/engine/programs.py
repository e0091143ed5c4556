"""Finding the programs that the private engine is made of."""

import os
import shutil

from runner.errors import EngineError

_SYSTEM = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin:/usr/libexec/docker:/usr/lib/docker"


def find(name: str) -> str | None:
    """The program's path, looked up also where an ordinary user's PATH does not lead."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:{_SYSTEM}")


def require(name: str, *packages: str) -> str:
    """The program's path.

    Raises:
        EngineError: it is not installed; the remedy names Debian's packages.
    """
    if path := find(name):
        return path
    raise EngineError(
        f"the private engine needs {name}, which is not installed",
        remedy=f"install it: apt-get install --no-install-recommends {' '.join(packages)} "
        "(or run `workshop doctor --fix`)",
    )
