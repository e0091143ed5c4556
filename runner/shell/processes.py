"""Ending a session's processes, also those that have left it."""

import os
import resource
import secrets
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from runner.ambient_limits import AmbientLimits

_PROC = Path("/proc")
_PIDS_SHARE = 0.3
"""Of what there is room for; counted are all processes of the same user here, the app's threads among them."""
_FIRST = 500
_ROUNDS = 50
_PATIENCE, _PAUSE = 20, 0.01


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


def bound(leader: int, limits: AmbientLimits) -> None:
    """Leave what is around a shell its part of the room: the app, and the engine that its containers are on.

    What is started from it gets no more processes before all are taken, and is what the kernel ends first for memory.
    """
    with suppress(OSError, ValueError):
        if limits.pids is not None:
            most = int(limits.pids * _PIDS_SHARE)
            resource.prlimit(leader, resource.RLIMIT_NPROC, (most, most))
        if limits.memory is not None:
            (_PROC / str(leader) / "oom_score_adj").write_text(str(_FIRST))


def kill_session(leader: int, cookie: Cookie) -> None:
    """Kill the session led by `leader`, which is not reaped yet, and every process that has the cookie.

    Where there is no /proc, the process group must do.
    """
    patience = _PATIENCE
    for _ in range(_ROUNDS):
        # A process can fork while it is looked for, so this goes on until nobody is found.
        found, unsure = _members(leader, cookie.line)
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not found:
            if not unsure or not patience:
                break
            patience -= 1
            time.sleep(_PAUSE)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _members(leader: int, line: bytes) -> tuple[list[int], bool]:
    """The processes of the session or with the cookie, and whether another one may be: it is becoming a program now.

    Until that has happened, its environment reads as empty.
    """
    found: list[int] = []
    unsure = False
    if not _PROC.is_dir():
        return found, unsure
    begun = _started(leader)
    for entry in _PROC.iterdir():
        if not entry.name.isdigit():
            continue
        with suppress(OSError):
            state, session, started = _stat(entry)
            if state in b"ZX":
                continue
            if session == leader:
                found.append(int(entry.name))
                continue
            if started < begun:
                continue  # older than the cookie
            environment = (entry / "environ").read_bytes()
            if line in environment.split(b"\0"):
                found.append(int(entry.name))
            elif not environment:
                unsure = True
    return found, unsure


def _started(pid: int) -> int:
    try:
        return _stat(_PROC / str(pid))[2]
    except OSError:
        return 0


def _stat(process: Path) -> tuple[bytes, int, int]:
    """A process's state, its session, and when it was started, in clock ticks after boot."""
    # The name in parentheses may hold anything; what follows is state, ppid, pgrp, session, and 15 fields on the start.
    fields = (process / "stat").read_bytes().rpartition(b")")[2].split()
    return fields[0], int(fields[3]), int(fields[19])
