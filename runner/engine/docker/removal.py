"""Removing a container, even if the runtime hangs on it."""

import time
from contextlib import suppress

from docker.errors import APIError, NotFound

from runner.engine.api import EngineTimeout, EngineUnavailable
from runner.engine.docker.client import Client, engine_errors, explanation
from runner.engine.processes import kill_leaderless, kill_runtime
from runner.errors import EngineError
from runner.language import tr
from runner.pace import MACHINE

_REMOVE_SECONDS = 15.0
_SLOW_SECONDS = 2.0
"""A removal that takes longer, in seconds, may have left something."""
HANGING = (
    "on the engine's machine, as root, end what its shim has started "
    "(`pkill -KILL -P $(pgrep -f -- '-id {id}')`), then `docker rm -f {id}`"
)


def remove(client: Client, identity: str, *, threads_die: bool = False) -> None:
    """Kill and remove a container with its anonymous volumes, ending a runtime that hangs on it.

    `threads_die` is true if its profile may have killed single threads, which engines notice only after ten seconds.

    Raises:
        EngineTimeout: it could not be removed; the remedy says how to by hand. EngineUnavailable.
    """
    doing = tr("cannot remove container {id}", id=identity[:12])
    seconds = MACHINE.stretched(_REMOVE_SECONDS)
    if threads_die:
        kill_leaderless(identity)
    began = time.monotonic()
    try:
        _remove_once(client, identity, doing, seconds)
    except EngineUnavailable:
        raise
    except EngineError as error:
        if not kill_leaderless(identity) + kill_runtime(identity):
            if not isinstance(error, EngineTimeout):
                raise
            raise EngineTimeout(
                tr("{doing}: that took more than {seconds} s", doing=doing, seconds=f"{seconds:g}"),
                remedy=tr(HANGING, id=identity),
            ) from error
        _remove_once(client, identity, doing, seconds)
    if time.monotonic() - began > _SLOW_SECONDS:
        kill_leaderless(identity)


def kills_threads(seccomp: str) -> bool:
    """True if the profile with this content may kill a thread without the others of its process."""
    return "SCMP_ACT_KILL" in seccomp


def _remove_once(client: Client, identity: str, doing: str, seconds: float) -> None:
    try:
        with engine_errors(doing, client.endpoint), suppress(NotFound), client.within(seconds):
            client.remove_container(identity, v=True, force=True)
    except EngineError as error:
        if not _going(error):
            raise
        _wait_until_gone(client, identity, doing, seconds)


def _wait_until_gone(client: Client, identity: str, doing: str, seconds: float) -> None:
    """Wait for another process's removal: until then the container's name is taken."""
    deadline = time.monotonic() + seconds
    with engine_errors(doing, client.endpoint), suppress(NotFound):
        while time.monotonic() < deadline:
            client.inspect_container(identity)
            time.sleep(0.02)


def _going(error: EngineError) -> bool:
    """True if another process is removing the container already."""
    cause = error.__cause__
    return (
        isinstance(cause, APIError)
        and cause.status_code == 409
        and "already in progress" in explanation(cause)
    )
