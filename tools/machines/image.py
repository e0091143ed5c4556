"""A suite's disk, with its own kernel and systemd: built from packages once, and read-only afterwards."""

import shlex
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools import registries

DEBIAN = ("trixie", "bookworm")
UBUNTU = ("noble",)
KEYRING = Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg")
"""The keys that sign Ubuntu's packages."""
USER = "learner"
"""An ordinary user, who may use sudo without a password."""
GUEST = "guest"
"""An ordinary user without sudo, created on a machine when needed."""
_DISK = "24G"
_PACKAGES = (
    *("apparmor", "ca-certificates", "dbus", "dbus-user-session", "libpam-systemd", "systemd-sysv", "udev"),
    *("initramfs-tools", "iproute2", "openssh-server", "procps", "sudo"),
    # The packages that the README requires.
    *("make", "python3", "python3-venv"),
)
_NETWORK = "[Match]\nName=en* eth*\n[Network]\nDHCP=ipv4\n"
_RESOLVER = "10.0.2.3"
"""QEMU's name server, for programs behind its user-mode network."""


@dataclass(frozen=True, slots=True)
class Image:
    """The suite's folder below the cache: `disk`, `vmlinuz`, `initrd.img`, and `key` to log in with.

    `mirror` is the address that its packages come from.
    """

    suite: str
    cache: Path
    mirror: str

    @property
    def folder(self) -> Path:
        return self.cache / self.suite

    @property
    def disk(self) -> Path:
        return self.folder / "disk"

    @property
    def key(self) -> Path:
        return self.folder / "key"

    def build(self, say: Callable[[str], None]) -> None:
        """Build the image if it does not exist; needs root."""
        if self.disk.exists():
            return
        say(f"{self.suite}: building the machine's disk")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        root = self.folder / "root"
        self._bootstrap(root)
        self._configure(root)
        for name in ("vmlinuz", "initrd.img"):
            (latest,) = (root / "boot").glob(f"{name}-*")
            shutil.copyfile(latest, self.folder / name)
        unfinished = self.folder / "unfinished"
        _run("mkfs.ext4", "-q", "-F", "-L", "root", "-d", root, unfinished, _DISK)
        shutil.rmtree(root)
        unfinished.rename(self.disk)

    def _bootstrap(self, root: Path) -> None:
        if self.suite in UBUNTU:
            kernel = "linux-image-virtual"
            signed = f"deb [signed-by={KEYRING}] {self.mirror}"
            sources = [f"{signed} {self.suite}{more} main universe" for more in ("", "-updates", "-security")]
        else:
            kernel = "linux-image-cloud-amd64"
            security = self.mirror.removesuffix("/debian") + "/debian-security"
            sources = [
                f"deb {self.mirror} {self.suite} main",
                f"deb {self.mirror} {self.suite}-updates main",
                f"deb {security} {self.suite}-security main",
            ]
        # A small and quick initrd, since the processor may be emulated.
        quick = 'mkdir -p "$1/etc/initramfs-tools/conf.d"; echo COMPRESS=lz4 >"$1/etc/initramfs-tools/conf.d/quick"'
        with (self.folder / "build.log").open("w") as log:
            subprocess.run(
                [
                    *("mmdebstrap", "--variant=important", f"--include={','.join((*_PACKAGES, kernel))}"),
                    *(f"--aptopt={option}" for option in registries.apt_options()),
                    *('--aptopt=Acquire::Check-Valid-Until "false"', f"--setup-hook={quick}"),
                    *(self.suite, str(root), *sources),
                ],
                stdout=log,
                stderr=log,
                check=True,
            )

    def _configure(self, root: Path) -> None:
        registries.carry_into(root)
        (root / "etc/hostname").write_text(f"{self.suite}\n")
        (root / "etc/hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 {self.suite}\n")
        (root / "etc/fstab").write_text("/dev/vda / ext4 defaults,errors=remount-ro 0 1\n")
        (root / "etc/systemd/network/10-machine.network").write_text(_NETWORK)
        (root / "etc/resolv.conf").unlink(missing_ok=True)
        (root / "etc/resolv.conf").write_text(f"nameserver {_RESOLVER}\n")
        (root / f"etc/sudoers.d/{USER}").write_text(f"{USER} ALL=(ALL) NOPASSWD: ALL\n")
        _inside(root, "systemctl --quiet enable systemd-networkd ssh")
        _inside(root, f"useradd --create-home --shell /bin/bash {USER}")
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key)
        for home, owner in (("root", "root"), (f"home/{USER}", USER)):
            keys = root / home / ".ssh/authorized_keys"
            keys.parent.mkdir(mode=0o700, exist_ok=True)
            shutil.copyfile(self.key.with_suffix(".pub"), keys)
            _inside(root, f"chown -R {owner}: /{home}/.ssh")


def _inside(root: Path, command: str) -> None:
    _run("chroot", root, *shlex.split(command))


def _run(*words: str | Path) -> None:
    subprocess.run([str(word) for word in words], check=True)
