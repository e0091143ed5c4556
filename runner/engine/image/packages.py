"""Downloads Debian packages with apt into a folder of the workshop, without touching the system or needing root."""

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from runner.engine.programs import find
from runner.errors import EngineError
from runner.language import tr

SYSTEM_LISTS = Path("/var/lib/apt/lists")
_DOWNLOAD_SECONDS = 600.0


def download(
    packages: Sequence[str], folder: Path, progress: Callable[[str], None], *, lists: Path = SYSTEM_LISTS
) -> list[Path]:
    """Download packages with their dependencies to files below `folder`, from apt's configured sources.

    The system's package lists are used if they exist and are current, else fresh ones are fetched into `folder`.

    Raises:
        EngineError: apt is missing, or the packages cannot be downloaded; the message ends with apt's last output.
    """
    if find("apt-get") is None or find("dpkg-deb") is None:
        raise EngineError(
            "the `lab` image is made of Debian packages, and this machine has no apt",
            remedy="build it on a Debian or Ubuntu machine and load it here (`docker save`, `docker load`)",
        )
    apt = _Apt(folder)
    if any(lists.glob("*_Packages*")):
        progress(tr("Resolving packages with the system's lists"))
        if apt.fetch(packages, lists):
            return apt.files()
    progress(tr("Fetching package lists"))
    own = folder / "lists"
    updated = apt.run("update", lists=own)
    # One dead third-party source fails the update, but the packages may still be available.
    if any(own.glob("*_Packages*")) and apt.fetch(packages, own):
        return apt.files()
    said = apt.last_words or updated
    raise EngineError(
        f"the `lab` image's packages cannot be downloaded: {said}",
        remedy="check the network and /etc/apt; `apt-get update` must work",
    )


class _Apt:
    """apt-get with a separate state, in which nothing is installed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._archives = folder / "archives"
        for path in (self._archives / "partial", folder / "lists/partial", folder / "state"):
            path.mkdir(parents=True, exist_ok=True)
        (folder / "state/status").touch()
        self.last_words = ""

    def fetch(self, packages: Sequence[str], lists: Path) -> bool:
        """Download the packages; True if all succeeded."""
        self.last_words = self.run(
            "install", "--download-only", "--yes", "--no-install-recommends", *packages, lists=lists
        )
        return not self.last_words

    def files(self) -> list[Path]:
        return sorted(self._archives.glob("*.deb"))

    def run(self, *words: str, lists: Path) -> str:
        """Run apt-get; "" if it succeeded, else its last output."""
        options = {
            "Dir::State": self._folder / "state",
            "Dir::State::lists": lists,
            "Dir::State::status": self._folder / "state/status",
            "Dir::Cache": self._folder,
            "Dir::Cache::archives": self._archives,
            "Dir::Log": self._folder / "state",
            "APT::Sandbox::User": "",
            "APT::Install-Recommends": "false",
            "APT::Update::Post-Invoke": "",
            "Acquire::Languages": "none",
            "Acquire::Retries": "2",
            "DPkg::Post-Invoke": "",
        }
        settings = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
        try:
            done = subprocess.run(
                ["apt-get", "-qq", *settings, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_DOWNLOAD_SECONDS,
                check=False,
                env=os.environ | {"LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
            )
        except subprocess.TimeoutExpired:
            return f"apt-get {words[0]} took more than {_DOWNLOAD_SECONDS:g} s"
        lines = done.stdout.decode(errors="replace").strip().splitlines()
        return (
            "" if done.returncode == 0 else " | ".join(lines[-3:]) or f"apt-get exited with {done.returncode}"
        )
