"""Ending all processes of a session, including those that have left it."""

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
"""The share of the available process ids; all of this user's processes here count, the app's threads among them."""
_FIRST = 500
_ROUNDS = 50
_PATIENCE, _PAUSE = 20, 0.01


SHELL_VARIABLE = "WORKSHOP_SHELL"
"""The environment variable that all processes of our shells have."""


@dataclass(frozen=True, slots=True)
class Cookie:
    """An environment variable that a session's processes inherit; it identifies those that moved to another session."""

    value: str

    @classmethod
    def new(cls) -> "Cookie":
        return cls(secrets.token_hex(8))

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the session's leader must be started with."""
        return {SHELL_VARIABLE: self.value}

    @property
    def line(self) -> bytes:
        """The variable in the form that /proc shows."""
        return f"{SHELL_VARIABLE}={self.value}".encode()


def bound(leader: int, limits: AmbientLimits) -> None:
    """Limit a shell's programs, so that the app, and the engine that runs its containers, keep their share.

    Its programs reach their limit of processes before all are taken, and the kernel ends them first for memory.
    """
    with suppress(OSError, ValueError):
        if limits.pids is not None:
            most = int(limits.pids * _PIDS_SHARE)
            resource.prlimit(leader, resource.RLIMIT_NPROC, (most, most))
        if limits.memory is not None:
            (_PROC / str(leader) / "oom_score_adj").write_text(str(_FIRST))


def kill_session(leader: int, cookie: Cookie) -> None:
    """Kill the session led by `leader`, which is not reaped yet, and every process that carries the cookie.

    Without /proc, only the process group is killed.
    """
    patience = _PATIENCE
    for _ in range(_ROUNDS):
        # A process can fork during the search, so it is repeated until none is found.
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
    """The processes of the session or with the cookie, and True if there may be another one.

    A process that is just in exec is unclear: its environment reads as empty until that is done.
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
    """A process's state, its session, and its start time in clock ticks after boot."""
    # The name in parentheses may hold anything; what follows is state, ppid, pgrp, session, and 15 fields on the start.
    fields = (process / "stat").read_bytes().rpartition(b")")[2].split()
    return fields[0], int(fields[3]), int(fields[19])
