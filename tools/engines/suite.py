"""A Debian suite's root file system with its engine and its Python, built from packages and kept."""

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools import registries
from tools.engines.inside import inside

SUITES = ("bookworm", "trixie", "sid")
USER = "learner"
"""An ordinary user in each root, with subordinate ids."""
SOURCE = "/source"
"""The path of the checkout in a root."""
_PACKAGES = (
    *(
        "ca-certificates",
        "docker.io",
        "e2fsprogs",
        "iproute2",
        "iptables",
        "mount",
        "openssh-client",
        "procps",
        "strace",
        "tmux",
        "util-linux",
    ),
    *("libpam-systemd", "rootlesskit", "slirp4netns", "uidmap"),
    *("python3", "python3-venv", "libseccomp2", "bash-completion"),
)
_SEPARATE = {"bookworm": ()}
"""The packages into which newer suites have split parts of older ones' docker.io."""
_PIP = "/venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt"
_INSTALL = (
    f"rm -rf /venv && python3 -m venv /venv && cd {SOURCE} && {_PIP} pip && "
    f"{_PIP} --group dev --editable '.[serve,classroom,hub]'"
)


@dataclass(frozen=True, slots=True)
class Suite:
    """The suite `name`, below the cache folder `cache`."""

    name: str
    cache: Path

    @property
    def root(self) -> Path:
        return self.cache / self.name

    @property
    def _ready(self) -> Path:
        return self.cache / f"{self.name}.ready"

    def build(self, source: Path, say: Callable[[str], None]) -> None:
        """Build the root file system, and install what the tests of `source` need, each only if missing or outdated."""
        packages = ",".join((*_PACKAGES, *_SEPARATE.get(self.name, ("docker-cli",))))
        if not self._ready.exists() or self._ready.read_text() != packages:
            say(f"{self.name}: building its root file system")
            self._bootstrap(packages)
            self._ready.write_text(packages)
        wanted = "".join((source / name).read_text() for name in ("pyproject.toml", "constraints.txt"))
        stamp = hashlib.sha256((wanted + _INSTALL).encode()).hexdigest()
        made = self.root / "venv/.made-of"
        if not made.exists() or made.read_text() != stamp:
            say(f"{self.name}: installing the Python packages")
            self._install(source)
            made.write_text(stamp)

    def _bootstrap(self, packages: str) -> None:
        self._ready.unlink(missing_ok=True)
        shutil.rmtree(self.root, ignore_errors=True)
        self.cache.mkdir(parents=True, exist_ok=True)
        with (self.cache / f"{self.name}.log").open("w") as log:
            subprocess.run(
                [
                    *("mmdebstrap", "--variant=minbase", f"--include={packages}"),
                    *(f"--aptopt={option.rstrip(';')}" for option in registries.apt_options()),
                    *('--aptopt=Acquire::Check-Valid-Until "false"',),
                    *(self.name, str(self.root), registries.mirror()),
                ],
                stdout=log,
                stderr=log,
                check=True,
            )
        registries.carry_into(self.root)
        for command in (
            ["useradd", "--create-home", "--shell", "/bin/bash", USER],
            # dockerd creates this user itself, but not with a range of ids that is free.
            ["useradd", "--system", "--user-group", "--no-create-home", "dockremap"],
        ):
            subprocess.run(["chroot", self.root, *command], check=True)
        for name in ("subuid", "subgid"):
            (self.root / "etc" / name).write_text(f"{USER}:100000:65536\ndockremap:231072:65536\n")

    def _install(self, source: Path) -> None:
        subprocess.run(inside(self.root, ["sh", "-c", _INSTALL], shared={source: SOURCE}), check=True)
