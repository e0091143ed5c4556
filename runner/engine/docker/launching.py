"""Starting a created container: the connection to its first process, and a start that cannot hang for ever."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
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

AGAIN = "asked once more"
"""The end of the logged line on a start that hung and is tried again."""
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
    start = _Start(client, identity, image)
    start.again_if_hung(start.launch, timeout)


def launch_attached(client: Client, identity: str, image: str, timeout: float, *, stdin: bool) -> Hijacked:
    """Start a created container as `launch` does, and return the connection to its first process, with all its output.

    Raises:
        StartRefused, EngineTimeout, EngineError: as `launch` does.
    """
    start = _Start(client, identity, image)
    return start.again_if_hung(partial(start.launch_attached, stdin=stdin), timeout)


def not_started(error: APIError) -> EngineError:
    """The runtime's refusal, or an error if the engine itself broke."""
    said = explanation(error)
    if tells_of_breakdown(said):
        return EngineError(
            tr("the engine could not start a container: {reason}", reason=said), remedy=tr("try again")
        )
    return StartRefused(said)


class _Hung(EngineTimeout):
    """The runtime stood still, though the profile killed no thread of it; it was ended, and may not hang again."""


class _StartFailed(Exception):
    """The engine has given up a start that it was still working on, with this error."""


class _Start:
    """One container's start: the engine is asked for it, and then for how far it has come."""

    def __init__(self, client: Client, identity: str, image: str) -> None:
        self._client = client
        self._identity = identity
        self._image = image
        self._told = ""
        """The error of the start before, which the engine tells until this one has ended.

        An error in the same words is taken for it: the start is then given up only after its time.
        """

    def again_if_hung(self, attempt: Callable[[float], _T], timeout: float) -> _T:
        """Return what `attempt` does within `timeout` seconds; if the runtime hangs, try again with half the time."""
        try:
            return attempt(timeout)
        except _Hung as hung:
            if not self._is_given_up(timeout):
                raise
            _log.warning("%s; %s", hung, AGAIN)
            return attempt(timeout / 2)

    def launch_attached(self, timeout: float, *, stdin: bool) -> Hijacked:
        """Try once to start the container and to be connected to its first process."""
        output, started = self._attach_before(stdin=stdin)
        try:
            if not started:
                self.launch(timeout)
        except BaseException:
            output.release()
            raise
        return output

    def launch(self, timeout: float) -> None:
        """Try once to start the container."""
        try:
            self._begin(timeout)
        except EngineTimeout as error:
            with suppress(_StartFailed):
                if self._has_begun(MACHINE.stretched(_LOOK_SECONDS)):
                    return
            if runtime_stands_still(self._identity, seconds=MACHINE.stretched(_STILL_SECONDS)):
                raise _end_hung(self._identity, timeout) from error
            try:
                self._await(timeout * _LONGER)
            except EngineTimeout as again:
                whole = timeout * (1 + _LONGER)
                said = tr("the runtime had not started the container after {seconds} s", seconds=f"{whole:g}")
                raise _give_up(self._identity, said + _others(whole)) from again

    def _attach_before(self, *, stdin: bool) -> tuple[Hijacked, bool]:
        """Connect to a created container's first process; true if it had to be started for that."""
        with engine_errors(tr("cannot attach to a new container"), self._client.endpoint):
            try:
                return attach(self._client, self._identity, stdin=stdin, logs=False), False
            except APIError:
                # Podman lets the runtime create the container here; only its start reports why that was refused.
                try:
                    self._client.start(self._identity)
                except APIError as error:
                    raise not_started(error) from error
                return attach(self._client, self._identity, stdin=stdin, logs=True), True

    def _begin(self, timeout: float) -> None:
        with (
            MACHINE.timed(Work.CONTAINER),
            engine_errors(self._cannot_start(), self._client.endpoint),
            self._client.within(timeout),
        ):
            try:
                self._client.start(self._identity)
            except APIError as error:
                raise not_started(error) from error

    def _await(self, seconds: float) -> None:
        """Wait for a start that the engine still works on: asked again, it could run a short program twice."""
        try:
            # A start that fails, or does not end, is no measure of the machine.
            with MACHINE.timed(Work.CONTAINER):
                self._await_begun(seconds)
        except _StartFailed:
            self._begin(seconds)  # nothing has begun, and this gives the reason

    def _is_given_up(self, seconds: float) -> bool:
        """True once the engine has given up the start, so that it can be asked again.

        False if it works on it still, if the program has begun after all, as its output may be lost, and if the engine
        breaks: that the runtime hung says more.
        """
        try:
            self._await_begun(seconds)
        except _StartFailed as failed:
            self._told = str(failed)
            return True
        except EngineError:
            return False
        return False

    def _await_begun(self, seconds: float) -> None:
        """Return once the program has begun.

        Raises:
            _StartFailed: the engine has given up.
            EngineTimeout: neither has happened.
            EngineError: the engine broke.
        """
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            if self._has_begun(left):
                return
            time.sleep(_POLL_SECONDS)
        raise EngineTimeout(
            tr(
                "cannot start {image}: it took more than {seconds} s longer",
                image=self._image,
                seconds=f"{seconds:g}",
            )
        )

    def _has_begun(self, seconds: float) -> bool:
        """True if the program has begun, and may have ended by now; false while the engine works on it, or is silent.

        Raises:
            _StartFailed: the engine has given up.
            EngineError: the engine broke.
        """
        try:
            with engine_errors(self._cannot_start(), self._client.endpoint), self._client.within(seconds):
                state = self._client.inspect_container(self._identity)["State"]
        except EngineTimeout:
            return False  # engines may hold back their answer until the start has ended
        if not state["StartedAt"].startswith(_NEVER):
            return True
        if (error := state.get("Error")) and error != self._told:
            raise _StartFailed(error)
        return False

    def _cannot_start(self) -> str:
        return tr("cannot start {image}", image=self._image)


def _end_hung(identity: str, seconds: float) -> EngineTimeout:
    """End a runtime that stands still; returns a `_Hung` if that may have been by chance."""
    what = tr(
        "the runtime hung while it started the container: it stood still after {seconds} s",
        seconds=f"{seconds:g}",
    )
    if waits := waits_of_runtime(identity):
        what += f" ({waits})"
    return _give_up(identity, what, EngineTimeout if has_leaderless(identity) else _Hung)


def _give_up(identity: str, what: str, kind: type[EngineTimeout] = EngineTimeout) -> EngineTimeout:
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
