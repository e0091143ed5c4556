"""Which way of starting the private engine this user has, and what stands in its way."""

import os
from collections.abc import Mapping

from runner.engine.private import launch_root, launch_rootless, user_scope
from runner.engine.private.places import Places
from runner.engine.programs import search_path
from runner.errors import EngineError


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


def environment(places: Places, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The engine's variables, which are these and no others: nothing leads it to the user's settings or proxies."""
    home = places.runtime / "home"
    return {
        "PATH": search_path(environ),
        "HOME": str(home),
        "TMPDIR": str(places.runtime / "tmp"),
        "XDG_RUNTIME_DIR": str(places.runtime),
        "LC_ALL": "C.UTF-8",
        **{f"XDG_{name}_HOME": str(home / name.casefold()) for name in ("CONFIG", "DATA", "STATE", "CACHE")},
    }


def unbounded_because() -> str:
    """Why the private engine of this user cannot bound containers, once it does not."""
    if os.geteuid() == 0:
        return "this machine's cgroups cannot be written"
    return (
        user_scope.obstacle()
        or "systemd gave it no cgroup of its own (see supervisor.log beside its sockets)"
    )


def obstacle(places: Places) -> EngineError | None:
    """What keeps the private engine from being started, or None if nothing is known to."""
    try:
        command(places, cgroup_parent="")
    except EngineError as error:
        return error
    return None
