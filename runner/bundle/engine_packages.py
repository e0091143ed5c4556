"""The engine's Debian packages as a repository that apt can install from without a network."""

import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

from runner.engine.image.packages import download
from runner.engine.packaging import packages_for
from runner.errors import EngineError

PROGRAMS = ("dockerd", "docker", "rootlesskit", "newuidmap", "libseccomp")
"""The programs that the private engine needs, as root and as an ordinary user."""
BESIDES = ("python3-venv",)
"""Packages that a new machine needs to install the program at all."""


def names() -> tuple[str, ...]:
    """Return the packages that a machine like this one needs.

    Raises:
        EngineError: this machine has no apt.
    """
    found = packages_for(PROGRAMS)
    if not found:
        raise EngineError(
            "the engine's packages are Debian's, and this machine has no apt",
            remedy="make the bundle on a machine like those in the room; or leave them out: --without packages",
        )
    return (*found, *BESIDES)


def collect(folder: Path, progress: Callable[[str], None]) -> tuple[list[Path], bytes]:
    """Download the packages with their dependencies to `folder`; return them and the index that apt reads.

    Raises:
        EngineError: they cannot be downloaded, or are damaged.
    """
    found = sorted(download(names(), folder, progress), key=lambda path: path.name)
    return found, "".join(map(_entry, found)).encode()


def _entry(package: Path) -> str:
    done = subprocess.run(
        ["dpkg-deb", "--field", str(package)], capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        raise EngineError(
            f"{package.name} was downloaded, and cannot be read: {' '.join(done.stderr.split())}",
            remedy="make the bundle again; or leave the packages out: --without packages",
        )
    fields = done.stdout.rstrip("\n")
    content = package.read_bytes()
    where = f"Filename: ./{package.name}\nSize: {len(content)}\n"
    return f"{fields}\n{where}SHA256: {hashlib.sha256(content).hexdigest()}\n\n"
