"""Which way of starting the private engine this user has, and what stands in its way."""

import os

from runner.engine.private import launch_root, launch_rootless
from runner.engine.private.places import Places
from runner.errors import EngineError


def command(places: Places, *, cgroup_parent: str) -> list[str]:
    """The private engine's command line for this user.

    Raises:
        EngineError: something that it needs is missing, and how to get it.
    """
    if os.geteuid() == 0:
        return launch_root.command(places, cgroup_parent=cgroup_parent)
    return launch_rootless.command(places)


def packages() -> tuple[str, ...]:
    """Debian's packages that the private engine of this user needs."""
    return launch_root.PACKAGES if os.geteuid() == 0 else launch_rootless.PACKAGES


def obstacle(places: Places) -> EngineError | None:
    """What keeps the private engine from being started, or None if nothing is known to."""
    try:
        command(places, cgroup_parent="")
    except EngineError as error:
        return error
    return None
