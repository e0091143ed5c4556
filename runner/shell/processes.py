"""Shutdown a session's processes, also those that have left it."""

import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_ROUNDS = 50


@dataclass(frozen=True, slots=True)
class Cookie:
    """A variable that a session's processes inherit, by which those are found that moved to a session of their own."""

    value: str

    @classmethod
    def new(cls) -> "Cookie":
        return cls(secrets.token_hex(8))

    @property
    def environment(self) -> dict[str, str]:
        """What the session's leader must be started with."""
        return {"WORKSHOP_SHELL": self.value}

    @property
    def line(self) -> bytes:
        """As /proc shows it."""
        return f"WORKSHOP_SHELL={self.value}".encode()


def kill_session(leader: int, cookie: Cookie) -> None:
    """Kill the session led by `leader`, which is not reaped yet, and every process that has the cookie.

    Where there is no /proc, the process group must do.
    """
    for _ in range(_ROUNDS):
        # A process can fork while it is looked for, so this goes on until nobody is found.
        found = list(_members(leader, cookie.line))
        if not found:
            break
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _members(leader: int, line: bytes) -> Iterator[int]:
    if not _PROC.is_dir():
        return
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            # The name in parentheses may hold anything; what follows is state, ppid, pgrp, session.
            state, _, _, session, *_ = (entry / "stat").read_bytes().rpartition(b")")[2].split()
            if state in b"ZX":
                continue
            if int(session) == leader or line in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
