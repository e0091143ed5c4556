"""Starting a created container: the connection to its first process, and a start that cannot hang for ever."""

from docker.errors import APIError

from runner.engine.api import EngineTimeout, StartRefused
from runner.engine.breakdown import tells_of_breakdown
from runner.engine.docker.client import Client, engine_errors, explanation
from runner.engine.docker.removal import HANGING
from runner.engine.docker.streams import Hijacked
from runner.engine.processes import kill_runtime, runtime_stands_still
from runner.engine.shim import DETACH_KEYS
from runner.errors import EngineError
from runner.pace import MACHINE, Work

_LONGER = 2.0
"""The factor of the time limit for waiting once more, if the runtime is working."""


def attach(client: Client, identity: str, *, stdin: bool, logs: bool) -> Hijacked:
    """Connect to a container's first process; `logs` replays what it has printed."""
    return client.hijack(
        f"/containers/{identity}/attach",
        params={
            "stdin": int(stdin),
            "stdout": 1,
            "stderr": 1,
            "stream": 1,
            "logs": int(logs),
            "detachKeys": DETACH_KEYS,
        },
    )


def launch(client: Client, identity: str, image: str, timeout: float) -> None:
    """Start a created container; a runtime that hangs is killed, one that is only slow gets more time.

    After an error, the caller must still remove the container.

    Raises:
        StartRefused: the runtime could not start it.
        EngineTimeout: the runtime hung, or took several times as long; it was killed.
        EngineError: the engine broke.
    """
    try:
        _begin(client, identity, image, timeout)
    except EngineTimeout as error:
        if runtime_stands_still(identity, seconds=MACHINE.stretched(1.0)):
            raise _given_up(
                identity,
                f"the runtime hung while it started the container: it stood still after {timeout:g} s",
            ) from error
        try:
            _begin(client, identity, image, timeout * _LONGER)  # the engine queues this call behind the first
        except EngineTimeout as again:
            whole = timeout * (1 + _LONGER)
            raise _given_up(
                identity, f"the runtime had not started the container after {whole:g} s{_others(whole)}"
            ) from again


def not_started(error: APIError) -> EngineError:
    """The runtime's refusal, or an error if the engine itself broke."""
    said = explanation(error)
    if tells_of_breakdown(said):
        return EngineError(f"the engine could not start a container: {said}", remedy="try again")
    return StartRefused(said)


def _begin(client: Client, identity: str, image: str, timeout: float) -> None:
    with (
        MACHINE.timed(Work.CONTAINER),
        engine_errors(f"cannot start {image}", client.endpoint),
        client.within(timeout),
    ):
        try:
            client.start(identity)
        except APIError as error:
            raise not_started(error) from error


def _given_up(identity: str, what: str) -> EngineTimeout:
    killed = kill_runtime(identity)
    return EngineTimeout(
        what + (", and was killed" if killed else ", and its processes cannot be reached from here"),
        remedy="look with `workshop profile lint` for a default action that kills, for what denies the runtime its "
        "own calls, and for rules without end; if other containers start as slowly, see what keeps the machine busy"
        + ("" if killed else "; " + HANGING.format(id=identity)),
    )


def _others(seconds: float) -> str:
    """The duration of other starts, if it distinguishes a slow machine from a slow profile."""
    longest = MACHINE.longest(Work.CONTAINER)
    if longest is None:
        return ""
    return f" (others took up to {longest:.1f} s)" if longest < seconds else " (this machine is slow)"
