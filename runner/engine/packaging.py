"""Finds the Debian package with a program, for this release and the installed packages.

Releases split Docker differently: the `docker` command is part of `docker.io` up to Debian 12, and in `docker-cli` from
13 on. Docker's own packages exclude Debian's, so if one of them is installed, the others must come from there too.
"""

import platform
import subprocess
from collections.abc import Collection, Iterable, Mapping

from runner.engine.programs import find
from runner.errors import EngineError

_DEBIAN: Mapping[str, str] = {
    "dockerd": "docker.io",
    "containerd": "containerd",
    "runc": "runc",
    "rootlesskit": "rootlesskit",
    "newuidmap": "uidmap",
    "newgidmap": "uidmap",
    "libseccomp": "libseccomp2",
    "mkfs.ext4": "e2fsprogs",
    "mount": "mount",
    "tini": "tini",
}
_DOCKER: Mapping[str, str] = {
    **_DEBIAN,
    "dockerd": "docker-ce",
    "docker": "docker-ce-cli",
    "containerd": "containerd.io",
    "runc": "containerd.io",
    "rootlesskit": "docker-ce-rootless-extras",
}
_DOCKERS_OWN = ("docker-ce", "docker-ce-cli", "containerd.io")
_SPLIT = "docker-cli"
_FIRST_SPLIT = 13
_WITH_DAEMON = {"containerd", "runc"}
"""Programs that come with the daemon's package."""


def require(name: str) -> str:
    """Return the program's path.

    Raises:
        EngineError: it is not installed; the remedy says how to install it.
    """
    if path := find(name):
        return path
    remedy = how_to_install(packages_for((name,)))
    raise EngineError(f"the private engine needs {name}, which is not installed", remedy=remedy)


def how_to_install(packages: Collection[str]) -> str:
    """Advice to a user who lacks these packages, or programs without a known package."""
    if packages:
        return f"install {', '.join(packages)}: `workshop doctor --fix` does it, or says what an administrator can do"
    return "install Docker Engine with your system's tools, then run `workshop doctor` again"


def packages_for(programs: Iterable[str]) -> tuple[str, ...]:
    """The packages to install for these programs, each once; none without apt."""
    if find("apt-get") is None:
        return ()
    known = _DOCKER if any(_installed(name) for name in _DOCKERS_OWN) else _DEBIAN
    wanted = set(programs)
    if "dockerd" in wanted:
        wanted -= _WITH_DAEMON
    found = {known.get(program) or _command_package() for program in wanted}
    return tuple(sorted(found))


def _command_package() -> str:
    """Debian's package with the `docker` command: the separate one that docker.io depends on, or docker.io itself."""
    said = _ask("apt-cache", "show", "--no-all-versions", "docker.io")
    for line in said.splitlines():
        field, _, value = line.partition(":")
        wanted = [name.split()[0] for name in value.replace("|", ",").split(",") if name.strip()]
        if field in {"Depends", "Recommends", "Suggests"} and _SPLIT in wanted:
            return _SPLIT
    if said:
        return "docker.io"
    # Without package lists, an installed docker.io without the command is a split one; else the release
    # decides.
    return _SPLIT if (_installed("docker.io") and find("dockerd")) or _splits(_release()) else "docker.io"


def _splits(release: Mapping[str, str]) -> bool:
    """True if this release has the command in a separate package; testing and unstable have no number."""
    version = release.get("VERSION_ID", "")
    return release.get("ID") == "debian" and not (version.isdecimal() and int(version) < _FIRST_SPLIT)


def _release() -> Mapping[str, str]:
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def _installed(package: str) -> bool:
    return _ask("dpkg-query", "--show", "--showformat=${db:Status-Status}", package) == "installed"


def _ask(program: str, *words: str) -> str:
    try:
        done = subprocess.run([find(program) or program, *words], check=False, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
