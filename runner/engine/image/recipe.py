"""The content of the `lab` image, and the hash that its caches are keyed by."""

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

PACKAGES = (
    "base-files",
    "bash",
    "busybox-static",  # its chmod uses chmod(2); that of coreutils uses fchmodat(2)
    "coreutils",
    "dash",
    "findutils",
    "grep",
    "hostname",
    "keyutils",
    "libc-bin",
    "libcap2-bin",
    "mount",
    "ncurses-base",  # terminfo: without it line editors scroll sideways, and nothing clears the screen
    "ncurses-bin",
    "perl-base",  # raw system calls: perl -e 'syscall(…)'
    "procps",
    "sed",
    "strace",
    "usr-is-merged",  # the alternative, usrmerge, needs all of perl
    "util-linux",
)
MERGED = ("bin", "lib", "lib32", "lib64", "libx32", "sbin")
"""Top-level folders that are links into /usr."""
DROPPED = (
    "usr/share/bash-completion",
    "usr/share/bug",
    "usr/share/doc",
    "usr/share/doc-base",
    "usr/share/info",
    "usr/share/lintian",
    "usr/share/locale",
    "usr/share/man",
    "usr/share/menu",
    "usr/share/polkit-1",
    "usr/share/zoneinfo",
    "usr/lib/systemd",
    "usr/lib/udev",
    "etc/cron.daily",
    "etc/init.d",
    "etc/logrotate.d",
    "var/lib/systemd",
)
DROPPED_NAMES = ("gconv", "systemd", "audit")
"""Folders that are dropped below every library folder."""
FILES: Mapping[str, str] = {
    "etc/passwd": (
        "root:x:0:0:root:/root:/bin/bash\n"
        "learner:x:1000:1000:learner:/home/learner:/bin/bash\n"
        "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
    ),
    "etc/group": "root:x:0:\ntty:x:5:\nlearner:x:1000:\nnogroup:x:65534:\n",
    "etc/shadow": "root:*:19000:0:99999:7:::\nlearner:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files\n",
    "etc/hostname": "lab\n",
}
LINKS: Mapping[str, str] = {
    "usr/bin/sh": "dash",
    "etc/mtab": "../proc/self/mounts",
}
FOLDERS: Mapping[str, tuple[int, int]] = {
    "dev": (0o755, 0),
    "etc": (0o755, 0),
    "home": (0o755, 0),
    "home/learner": (0o755, 1000),
    "media": (0o755, 0),
    "mnt": (0o755, 0),
    "opt": (0o755, 0),
    "proc": (0o555, 0),
    "root": (0o700, 0),
    "run": (0o755, 0),
    "srv": (0o755, 0),
    "sys": (0o555, 0),
    "tmp": (0o1777, 0),
    "usr": (0o755, 0),
    "usr/local": (0o755, 0),
    "usr/local/bin": (0o755, 0),
    "usr/local/lib": (0o755, 0),
    "usr/local/sbin": (0o755, 0),
    "usr/local/share": (0o755, 0),
    "var": (0o755, 0),
    "var/tmp": (0o1777, 0),
}
"""Folders with their mode and owner."""
ENVIRONMENT: Mapping[str, str] = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
}
COMMAND = ("bash",)


@dataclass(frozen=True, slots=True)
class Recipe:
    """The image for one distribution release and architecture."""

    suite: str
    arch: str

    @classmethod
    def of_this_machine(cls) -> "Recipe":
        """The recipe for this machine's distribution and architecture."""
        try:
            release = platform.freedesktop_os_release()
        except OSError:
            release = {}  # a machine that does not say what it is
        suite = release.get("VERSION_CODENAME") or release.get("VERSION_ID") or "unknown"
        return cls(f"{release.get('ID', 'unknown')}-{suite}", platform.machine())

    @property
    def hash(self) -> str:
        """A hash of this file, the release and the architecture; security updates do not change it."""
        text = f"{self.suite}\n{self.arch}\n".encode() + Path(__file__).read_bytes()
        return hashlib.sha256(text).hexdigest()[:16]


def placed(name: str) -> str | None:
    """The place of a package's file in the image, without a leading slash; None if it is left out."""
    path = PurePosixPath(name.removeprefix("./").lstrip("/"))
    parts = path.parts
    if not parts:
        return None
    if parts[0] in MERGED:
        parts = ("usr", *parts)
    where = "/".join(parts)
    if any(where == folder or where.startswith(f"{folder}/") for folder in DROPPED):
        return None
    if parts[:2] == ("usr", "lib") and any(part in DROPPED_NAMES for part in parts[2:4]):
        return None
    return where
