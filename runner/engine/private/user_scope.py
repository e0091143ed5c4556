"""A cgroup for an ordinary user, from their systemd: it limits the engine, and lets the engine limit containers.

cgroup v2 only. The supervisor is started in a scope with limits and delegation; it then steps into a group below that,
since a group whose children are limited may not have processes itself.
"""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from runner.ambient_limits import GROUPS
from runner.engine.private.cgroup import MAX_PIDS, MEMORY_SHARE, total_memory
from runner.engine.programs import find
from runner.files import text_if_any
from runner.folders import runtime_home

_NAME = "seccomp-workshop"
_INNER = "engine"
_CONTROLLERS = ("cpu", "memory", "pids")


def obstacle(*, root: Path = GROUPS, environ: Mapping[str, str] | None = None, uid: int | None = None) -> str:
    """The reason why this user can have no such cgroup; "" if none is known."""
    uid = os.geteuid() if uid is None else uid
    if not (root / "cgroup.controllers").exists():
        return "this machine does not use cgroup v2 alone"
    if find("systemd-run") is None:
        return "systemd-run is not installed"
    if not os.path.isdir(_runtime(environ, uid) / "systemd"):  # noqa: PTH112 - it may be closed to us
        return "this user has no systemd session (log in anew, or: sudo loginctl enable-linger)"
    delegated = text_if_any(
        root / f"user.slice/user-{uid}.slice/user@{uid}.service/cgroup.controllers"
    ).split()
    if delegated and not {"memory", "pids"} <= set(delegated):
        return "systemd delegates no memory and pids controllers to users (Delegate= of user@.service)"
    return ""


def scoped(command: list[str]) -> list[str]:
    """The command in a scope of this user's systemd, limited like root's engine."""
    limits = {
        "Delegate": "yes",
        "MemoryMax": int(total_memory() * MEMORY_SHARE),
        "MemorySwapMax": 0,
        "TasksMax": MAX_PIDS,
    }
    return [
        find("systemd-run") or "systemd-run",
        *("--user", "--scope", "--quiet", "--collect", f"--unit={_NAME}-{secrets.token_hex(4)}"),
        *(f"--property={name}={value}" for name, value in limits.items()),
        *("--", *command),
    ]


def variables(environ: Mapping[str, str] | None = None, *, uid: int | None = None) -> dict[str, str]:
    """The variables with which systemd-run finds the user's systemd, for shells that lack them (`su`, `cron`)."""
    return {"XDG_RUNTIME_DIR": str(_runtime(environ, os.geteuid() if uid is None else uid))}


def enter(*, root: Path = GROUPS, me: Path = Path("/proc/self/cgroup")) -> str:
    """Move to a group below this process's scope, and return the scope's path for `--cgroup-parent`.

    "" if this process has no scope of its own, or the scope cannot limit groups below it.
    """
    path = next((line[3:] for line in text_if_any(me).splitlines() if line.startswith("0::")), "")
    if not re.fullmatch(rf"{_NAME}-[0-9a-f]{{8}}\.scope", Path(path).name):
        return ""
    scope = root / path.lstrip("/")
    try:
        (scope / _INNER).mkdir(exist_ok=True)
        (scope / _INNER / "cgroup.procs").write_text(str(os.getpid()))
    except OSError:
        return ""
    for controller in _CONTROLLERS:
        with suppress(OSError):
            (scope / "cgroup.subtree_control").write_text(f"+{controller}")
    return path if {"memory", "pids"} <= set(text_if_any(scope / "cgroup.subtree_control").split()) else ""


def _runtime(environ: Mapping[str, str] | None, uid: int) -> Path:
    return runtime_home(environ, uid=uid) or Path(f"/run/user/{uid}")
