"""Copies this machine's settings for package registries into a root file system that is built here.

A machine that needs a mirror, a proxy or a certificate authority has it in its settings; a new system needs the same.
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
    """apt's settings for reaching sources, a line each."""
    dumped = subprocess.run(["apt-config", "dump"], capture_output=True, text=True, check=True).stdout
    return (line for line in dumped.splitlines() if _APT.match(line) and not line.endswith(' "";'))


def mirror() -> str:
    """The address from which this machine gets Debian's packages."""
    sources = [*Path("/etc/apt").glob("sources.list.d/*.sources"), *Path("/etc/apt").glob("sources.list*")]
    for file in filter(Path.is_file, sources):
        if found := re.search(
            r"^(?:URIs:|deb(?: \[.*?\])?)\s+(\S+/debian)/?\s", file.read_text(), re.MULTILINE
        ):
            return found[1]
    return "http://deb.debian.org/debian"


def carry_into(root: Path) -> None:
    """Write the settings below `root`, for all its users; call this before anything is fetched there."""
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
    """The environment variables of the settings, without those that name a file missing in `root`."""
    return {
        name: value
        for name, value in os.environ.items()
        if _VARIABLES.fullmatch(name) and (not value.startswith("/") or (root / value[1:]).exists())
    }
