"""The owner of a container: labels that show whether the process that started it is still alive."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.engine.api import LABEL, SESSION_LABEL
from runner.files import text_if_any

OWNER_LABEL = f"{LABEL}.owner"
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Owner:
    """A process, distinguished from others that use its number at other times.

    `host` and `boot` identify the running kernel, `namespace` the numbering of processes; `started` is in clock ticks
    after boot.
    """

    host: str
    boot: str
    namespace: str
    pid: int
    started: int

    def __str__(self) -> str:
        return f"{self.host}:{self.boot}:{self.namespace}:{self.pid}:{self.started}"

    @classmethod
    def parse(cls, text: str) -> "Owner | None":
        """The owner that `text` names, or None if it is not such a text."""
        parts = text.split(":")
        if len(parts) != 5 or not parts[3].isdecimal() or not parts[4].isdecimal():
            return None
        return cls(parts[0], parts[1], parts[2], int(parts[3]), int(parts[4]))

    @classmethod
    def current(cls) -> "Owner":
        """The owner for this process."""
        host, boot, namespace = _here()
        return cls(host, boot, namespace, os.getpid(), start_time(os.getpid()) or 0)

    def is_dead(self) -> bool:
        """True if it has certainly ended; False for one on another machine or in another container."""
        host, boot, namespace = _here()
        if self.host != host:
            return False
        if self.boot != boot:
            return True
        return self.namespace == namespace and start_time(self.pid) != self.started


def labels(session: str, owner: Owner) -> dict[str, str]:
    """The labels of everything that `owner` starts for `session`."""
    return {SESSION_LABEL: session, OWNER_LABEL: str(owner)}


def label_options(labels: Mapping[str, str]) -> list[str]:
    """The options with which docker's own command sets them."""
    return [word for key, value in labels.items() for word in ("--label", f"{key}={value}")]


def start_time(pid: int) -> int | None:
    """The time when the process began, in clock ticks after boot; None if it does not exist, or is a zombie."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    state, *numbers = text.rpartition(")")[2].split()
    return None if state in "ZX" else int(numbers[18])


def _here() -> tuple[str, str, str]:
    machine = text_if_any("/etc/machine-id") or os.uname().nodename
    boot = text_if_any("/proc/sys/kernel/random/boot_id")
    try:
        namespace = str((_PROC / "self/ns/pid").stat().st_ino)
    except OSError:
        namespace = "0"
    return hashlib.sha256(machine.encode()).hexdigest()[:12], boot.replace("-", "")[:12], namespace
