"""What this machine knows of its package registries, carried into a root file system that is made here.

A machine behind a mirror, a proxy or an authority of its own has that in its settings; a new system needs the same.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

_FILES = ("etc/pip.conf", "etc/xdg/pip", "etc/apt/auth.conf.d", "usr/local/share/ca-certificates")
_APT = re.compile(r"Acquire::(http|https|ftp|Check-Valid-Until|Retries|ForceIPv[46])\b", re.IGNORECASE)
_VARIABLES = re.compile(r"\w+_proxy|PIP_\w+|\w*(CERT|_CA_)\w*", re.IGNORECASE)


def apt_options() -> Iterator[str]:
    """apt's settings that say how sources are reached, a line each."""
    dumped = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    return (line for line in dumped.splitlines() if _APT.match(line) and not line.endswith(' "";'))


def mirror() -> str:
    """The address that this machine has Debian from."""
    sources = [*Path("/etc/apt").glob("sources.list.d/*.sources"), *Path("/etc/apt").glob("sources.list*")]
    for file in filter(Path.is_file, sources):
        if found := re.search(
            r"^(?:URIs:|deb(?: \[.*?\])?)\s+(\S+/debian)/?\s", file.read_text(), re.MULTILINE
        ):
            return found[1]
    return "http://deb.debian.org/debian"


def carry_into(root: Path) -> None:
    """Write the settings below `root`, for all its users; to be called before anything is fetched there."""
    for name in _FILES:
        source, target = Path("/", name), root / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    (root / "etc/apt/apt.conf.d/80-carried").write_text("".join(f"{line}\n" for line in apt_options()))
    with (root / "etc/environment").open("a") as file:
        file.writelines(f"{name}={value}\n" for name, value in variables(root).items())
    subprocess.run(["chroot", root, "update-ca-certificates"], check=True, capture_output=True)


def variables(root: Path) -> dict[str, str]:
    """The environment's part of it, without what names a file that `root` does not have."""
    return {
        name: value
        for name, value in os.environ.items()
        if _VARIABLES.fullmatch(name) and (not value.startswith("/") or (root / value[1:]).exists())
    }
