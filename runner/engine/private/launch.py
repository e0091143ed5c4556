"""Which way of starting the private engine this user has, and what stands in its way."""

import os
from typing import BinaryIO, Protocol

from runner.engine.private import launch_root, launch_rootless, user_scope
from runner.engine.private.cgroup import EngineCgroup
from runner.engine.private.places import Places
from runner.errors import EngineError


class Launched(Protocol):
    """The daemon's outermost process, with which all of it ends."""

    @property
    def pid(self) -> int:
        """Its number here."""
        ...

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        ...

    def wait(self) -> int:
        """Its exit status when it has ended."""
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
        EngineError: something that it needs is missing, and how to get it.
    """
    if os.geteuid() == 0:
        return launch_root.launch(places, cgroup, log)
    return launch_rootless.launch(places, log)


def command(places: Places, *, cgroup_parent: str) -> list[str]:
    """The private engine's command line for this user; for an ordinary one the cgroup may be "", for none.

    Raises:
        EngineError: something that it needs is missing, and how to get it.
    """
    if os.geteuid() == 0:
        return launch_root.command(places, cgroup_parent=cgroup_parent)
    return launch_rootless.command(places, cgroup_parent=cgroup_parent)


def programs() -> tuple[str, ...]:
    """What the private engine of this user is made of."""
    return launch_root.PROGRAMS if os.geteuid() == 0 else launch_rootless.PROGRAMS


def unbounded_notice() -> str:
    """What is said when the private engine of this user turns out not to bound containers, and why it does not."""
    if os.geteuid() == 0:
        why = "this machine's cgroups cannot be written"
    else:
        why = user_scope.obstacle() or "systemd gave it no cgroup (see supervisor.log beside its sockets)"
    return f"This engine cannot bound the memory of containers: {why}"


def obstacle(places: Places) -> EngineError | None:
    """What keeps the private engine from being started, or None if nothing is known to."""
    try:
        command(places, cgroup_parent="")
    except EngineError as error:
        return error
    return None
