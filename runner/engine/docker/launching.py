"""Starting a created container: the connection to its first process, and a start that cannot hang for ever."""

import logging
import time
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from typing import TypeVar

from docker.errors import APIError

from runner.engine.api import EngineTimeout, StartRefused
from runner.engine.breakdown import tells_of_breakdown
from runner.engine.docker.client import Client, engine_errors, explanation
from runner.engine.docker.removal import HANGING
from runner.engine.docker.streams import Hijacked
from runner.engine.processes import (
    has_leaderless,
    kill_runtime,
    runtime_stands_still,
    waits_of_runtime,
)
from runner.engine.shim import DETACH_KEYS
from runner.errors import EngineError
from runner.language import tr
from runner.pace import MACHINE, Work

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

_LOOK_SECONDS = 1.0
_STILL_SECONDS = 1.0
_POLL_SECONDS = 0.1
_NEVER = "0001-01-01"
"""The date of a start that has not been, in an engine's answers."""
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

    A runtime that hung by chance is asked once more. After an error, the caller must still remove the container.

    Raises:
        StartRefused: the runtime could not start it.
        EngineTimeout: the runtime hung, or took several times as long; it was killed.
        EngineError: the engine broke.
    """
    _again_if_hung(client, identity, image, timeout, partial(_launch, client, identity, image))


def launch_attached(client: Client, identity: str, image: str, timeout: float, *, stdin: bool) -> Hijacked:
    """Start a created container as `launch` does, and return the connection to its first process, with all its output.

    Raises:
        StartRefused, EngineTimeout, EngineError: as `launch` does.
    """
    attempt = partial(_launch_attached, client, identity, image, stdin=stdin)
    return _again_if_hung(client, identity, image, timeout, attempt)


def _again_if_hung(
    client: Client, identity: str, image: str, timeout: float, attempt: Callable[[float], _T]
) -> _T:
    """Return what `attempt` does within `timeout` seconds; if the runtime hangs, try again with half the time."""
    try:
        return attempt(timeout)
    except _Hung as hung:
        try:
            _await_begun(client, identity, image, timeout)
        except _StartFailed:
            _log.warning(tr("{what}; trying again", what=hung))
            return attempt(timeout / 2)
        except EngineTimeout:
            pass  # The engine does not give up this start, so it would refuse another.
        raise


def _launch_attached(client: Client, identity: str, image: str, timeout: float, *, stdin: bool) -> Hijacked:
    output, started = _attach_before_start(client, identity, stdin=stdin)
    try:
        if not started:
            _launch(client, identity, image, timeout)
    except BaseException:
        output.release()
        raise
    return output


def _attach_before_start(client: Client, identity: str, *, stdin: bool) -> tuple[Hijacked, bool]:
    """Connect to a created container's first process; true if it had to be started for that."""
    with engine_errors(tr("cannot attach to a new container"), client.endpoint):
        try:
            return attach(client, identity, stdin=stdin, logs=False), False
        except APIError:
            # Podman lets the runtime create the container here; only its start reports why that was refused.
            try:
                client.start(identity)
            except APIError as error:
                raise not_started(error) from error
            return attach(client, identity, stdin=stdin, logs=True), True


def _launch(client: Client, identity: str, image: str, timeout: float) -> None:
    try:
        _begin(client, identity, image, timeout)
    except EngineTimeout as error:
        if _progress(client, identity, image, MACHINE.stretched(_LOOK_SECONDS)) is _Progress.BEGUN:
            return
        if runtime_stands_still(identity, seconds=MACHINE.stretched(_STILL_SECONDS)):
            raise _hung(identity, timeout) from error
        try:
            _await_start(client, identity, image, timeout * _LONGER)
        except EngineTimeout as again:
            whole = timeout * (1 + _LONGER)
            said = tr("the runtime had not started the container after {seconds} s", seconds=f"{whole:g}")
            raise _given_up(identity, said + _others(whole)) from again


class _Hung(EngineTimeout):
    """The runtime stood still, though the profile killed no thread of it; it was ended, and may not hang again."""


class _StartFailed(Exception):
    """The engine has given up a start that it was still working on."""


class _Progress(Enum):
    """How far the engine has come with a start that it still works on after its client's time limit."""

    UNKNOWN = auto()
    BEGUN = auto()
    """The program has begun, and may have ended by now."""
    FAILED = auto()


def _progress(client: Client, identity: str, image: str, seconds: float) -> _Progress:
    try:
        with engine_errors(tr("cannot start {image}", image=image), client.endpoint), client.within(seconds):
            state = client.inspect_container(identity)["State"]
    except EngineTimeout:
        return _Progress.UNKNOWN  # engines may hold back their answer until the start has ended
    if not state["StartedAt"].startswith(_NEVER):
        return _Progress.BEGUN
    return _Progress.FAILED if state.get("Error") else _Progress.UNKNOWN


def _await_start(client: Client, identity: str, image: str, seconds: float) -> None:
    """Wait for a start that the engine still works on; asked to start it again, it could run a short program twice."""
    try:
        # A start that fails, or does not end, is no measure of the machine.
        with MACHINE.timed(Work.CONTAINER):
            _await_begun(client, identity, image, seconds)
    except _StartFailed:
        _begin(client, identity, image, seconds)  # nothing has begun, and this gives the reason


def _await_begun(client: Client, identity: str, image: str, seconds: float) -> None:
    """Return once the program has begun.

    Raises:
        _StartFailed: the engine has given up.
        EngineTimeout: neither has happened.
    """
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        match _progress(client, identity, image, left):
            case _Progress.BEGUN:
                return
            case _Progress.FAILED:
                raise _StartFailed
        time.sleep(_POLL_SECONDS)
    raise EngineTimeout(
        tr("cannot start {image}: it took more than {seconds} s longer", image=image, seconds=f"{seconds:g}")
    )


def not_started(error: APIError) -> EngineError:
    """The runtime's refusal, or an error if the engine itself broke."""
    said = explanation(error)
    if tells_of_breakdown(said):
        return EngineError(
            tr("the engine could not start a container: {reason}", reason=said), remedy=tr("try again")
        )
    return StartRefused(said)


def _begin(client: Client, identity: str, image: str, timeout: float) -> None:
    with (
        MACHINE.timed(Work.CONTAINER),
        engine_errors(tr("cannot start {image}", image=image), client.endpoint),
        client.within(timeout),
    ):
        try:
            client.start(identity)
        except APIError as error:
            raise not_started(error) from error


def _hung(identity: str, seconds: float) -> EngineTimeout:
    """End a runtime that stands still; returns a `_Hung` if that may have been by chance."""
    what = tr(
        "the runtime hung while it started the container: it stood still after {seconds} s",
        seconds=f"{seconds:g}",
    )
    if waits := waits_of_runtime(identity):
        what += f" ({waits})"
    return _given_up(identity, what, EngineTimeout if has_leaderless(identity) else _Hung)


def _given_up(identity: str, what: str, kind: type[EngineTimeout] = EngineTimeout) -> EngineTimeout:
    killed = kill_runtime(identity)
    remedy = tr(
        "look with `workshop profile lint` for a default action that kills, for what denies the runtime its own calls, "
        "and for rules without end; if other containers start as slowly, see what keeps the machine busy"
    )
    if killed:
        return kind(tr("{what}, and was killed", what=what), remedy=remedy)
    return EngineTimeout(
        tr("{what}, and its processes cannot be reached from here", what=what),
        remedy=f"{remedy}; {tr(HANGING, id=identity)}",
    )


def _others(seconds: float) -> str:
    """The duration of other starts, if it distinguishes a slow machine from a slow profile."""
    longest = MACHINE.longest(Work.CONTAINER)
    if longest is None:
        return ""
    if longest < seconds:
        return tr(" (others took up to {seconds} s)", seconds=f"{longest:.1f}")
    return tr(" (this machine is slow)")
