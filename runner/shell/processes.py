"""Ending all the processes that were started from a terminal."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_ROUNDS = 50


def kill_session(leader: int, cookie: bytes) -> None:
    """Kill the session led by `leader` and every process whose environment holds `cookie` (`NAME=VALUE`).

    The cookie finds those that moved to a session of their own. Where there is no /proc, the process group must do.
    """
    for _ in range(_ROUNDS):
        # A process can fork while it is looked for, so this goes on until nobody is found.
        found = list(_members(leader, cookie))
        if not found:
            break
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _members(leader: int, cookie: bytes) -> Iterator[int]:
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
            if int(session) == leader or cookie in (entry / "environ").read_bytes().split(b"\0"):
                yield int(entry.name)
