"""Selects this user's way of starting the private engine, and reports obstacles."""

import os
from typing import BinaryIO, Protocol

from runner.engine.private import launch_root, launch_rootless, user_scope
from runner.engine.private.cgroup import EngineCgroup
from runner.engine.private.places import Places
from runner.errors import EngineError


class Launched(Protocol):
    """The daemon's outermost process; the whole engine ends with it."""

    @property
    def pid(self) -> int:
        """Its process number in this namespace."""
        ...

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        ...

    def wait(self) -> int:
        """Wait for its end, and return its exit status."""
        ...

    def terminate(self) -> None:
        """Ask the daemon to end."""
        ...

    def kill(self) -> None:
        """End all of it."""
        ...


def launch(places: Places, cgroup: EngineCgroup, log: BinaryIO) -> Launched:
    """Start the daemon; it may not answer yet.

    Raises:
        EngineError: something that it needs is missing; the remedy says how to get it.
    """
    if os.geteuid() == 0:
        return launch_root.launch(places, cgroup, log)
    return launch_rootless.launch(places, log)


def command(places: Places, *, cgroup_parent: str) -> list[str]:
    """Return the private engine's command line for this user; for an ordinary user the cgroup may be "" (none).

    Raises:
        EngineError: something that it needs is missing; the remedy says how to get it.
    """
    if os.geteuid() == 0:
        return launch_root.command(places, cgroup_parent=cgroup_parent)
    return launch_rootless.command(places, cgroup_parent=cgroup_parent)


def programs() -> tuple[str, ...]:
    """The programs of this user's private engine."""
    return launch_root.PROGRAMS if os.geteuid() == 0 else launch_rootless.PROGRAMS


def unbounded_notice() -> str:
    """A notice that this user's private engine does not limit containers, with the reason."""
    if os.geteuid() == 0:
        why = "this machine's cgroups cannot be written"
    else:
        why = user_scope.obstacle() or "systemd gave it no cgroup (see supervisor.log beside its sockets)"
    return f"This engine cannot bound the memory of containers: {why}"


def obstacle(places: Places) -> EngineError | None:
    """An obstacle to starting the private engine; None if none is known."""
    try:
        command(places, cgroup_parent="")
    except EngineError as error:
        return error
    return None
