"""The private engine as its users see it: acquire it, release it, ask for its status."""

import os
import select
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from runner.engine.api import EngineTimeout, EngineUnavailable, Loss
from runner.engine.private import exit_reason
from runner.engine.private.control import locks, starting
from runner.engine.private.control.connection import STOP_SECONDS, Connection, Status, connect
from runner.engine.private.places import Places
from runner.language import tr, trn
from runner.pace import MACHINE

START_SECONDS = 90.0
_WORD_SECONDS, _COUNT_SECONDS = 2.0, 2.0
_KILL_SECONDS = 5.0
_POLL_SECONDS = 0.05


class Lease:
    """Keeps the private engine running until it is released, or this process ends in any way."""

    def __init__(self, connection: Connection, places: Places) -> None:
        self._connection = connection
        self._places = places
        self.status = connection.status
        # The supervisor is in the cgroup of the process that started it, so the kernel's interventions are
        # counted there.
        self._count = exit_reason.tally_of("self")
        self._before, self._counted_at = self._count(), time.monotonic()

    @property
    def endpoint(self) -> str:
        """The address of the engine, as DOCKER_HOST takes it."""
        return self.status.endpoint

    @property
    def lasts(self) -> bool:
        """True if the engine has not ended since, even if another one may have been started in its place."""
        # Its supervisor sends nothing unasked, and closes the connection at the end.
        try:
            silent = not select.select([self._connection.socket], [], [], 0)[0]
            lasts = silent or bool(self._connection.socket.recv(1, socket.MSG_PEEK))
        except (OSError, ValueError):
            return False
        if lasts and time.monotonic() - self._counted_at > _COUNT_SECONDS:
            # Interventions of the kernel until now have not ended it.
            self._before, self._counted_at = self._count(), time.monotonic()
        return lasts

    def loss(self) -> Loss:
        """The reason why the engine has ended, by its supervisor, after waiting a moment; empty if the engine runs."""
        deadline = time.monotonic() + MACHINE.stretched(_WORD_SECONDS)
        while True:
            lasts = self.lasts
            if found := exit_reason.read(self._places, self.status.pid):
                return found
            if not lasts:
                return exit_reason.supervisor_loss(self._count().since(self._before))
            if time.monotonic() > deadline:
                return Loss()
            time.sleep(0.05)

    def hold(self) -> None:
        """Keep the engine running without users, until `stop`.

        Raises:
            EngineUnavailable: its supervisor does not answer.
        """
        if not self._connection.ask("hold"):
            raise EngineUnavailable(
                tr("the private engine's supervisor does not answer"), remedy=tr(starting.AGAIN)
            )

    def release(self) -> None:
        """Release the lease; the last user waits until the engine has ended and is fully removed."""
        with suppress(OSError):
            self._connection.end("leave")


def acquire(places: Places, progress: Callable[[str], None] = lambda _line: None) -> Lease:
    """Use the running private engine, or start it; if several processes do so at once, one starts it and all use it.

    Raises:
        EngineError: it cannot be started; the message has the reason.
        EngineTimeout: it exceeded the time limit for this machine.
    """
    if lease := _lease(places):
        return lease
    places.prepare()
    seconds = MACHINE.stretched(START_SECONDS)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with starting.start_lock(places, deadline):
            if lease := _after_the_last(places, progress):
                return lease
            progress(tr("Starting the private engine"))
            starting.launch(places, deadline)
        if lease := _lease(places):
            return lease
    raise EngineTimeout(
        tr("the private engine was not ready within {seconds} s", seconds=f"{seconds:g}"),
        remedy=tr("see {path}", path=places.log),
    )


def status(places: Places) -> Status | None:
    """The status of the engine at `places`; None if none runs.

    Raises:
        EngineError: what answers there is no supervisor of this user's and release.
    """
    connection = connect(places)
    if connection is None:
        return None
    connection.close()
    return connection.status


def silent_supervisor(places: Places) -> str:
    """The supervisor that runs without an answer, as it starts, ends or hangs: `process 7`; "" if there is none."""
    if not locks.is_locked(places.lock):
        return ""
    pids = locks.holders(places.lock)
    return " ".join(["process", *map(str, pids)]) if pids else "an unknown process"


def stop(places: Places) -> bool:
    """End the private engine, also under its users; False if none runs. One that hangs as it starts or ends is killed.

    Raises:
        EngineTimeout: it did not end in time.
        EngineError: what answers there is no supervisor of this user's and release.
    """
    deadline = time.monotonic() + MACHINE.stretched(STOP_SECONDS)
    waited = False
    while time.monotonic() < deadline:
        if connection := connect(places):
            _stop(connection, places)
            return True
        if not locks.is_locked(places.lock):
            return waited
        waited = True
        time.sleep(_POLL_SECONDS)
    # It has no socket yet or no longer, and cannot be told.
    pids = locks.holders(places.lock)
    for pid in pids:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    if not locks.is_free_within(places.lock, MACHINE.stretched(_KILL_SECONDS)):
        raise EngineTimeout(
            f"the private engine's supervisor hangs and cannot be killed (process {' '.join(map(str, pids))})"
            if pids
            else "the private engine's supervisor hangs and cannot be killed",
            remedy="restart this machine, or set WORKSHOP_ENGINE_DIR to another folder",
        )
    return True


def _stop(connection: Connection, places: Places) -> None:
    try:
        # A supervisor that is ending reads no more, and its end resets the connection.
        with suppress(ConnectionError):
            connection.end("stop")
    except TimeoutError as error:
        raise EngineTimeout(
            f"the private engine did not stop within {MACHINE.stretched(STOP_SECONDS):g} s",
            remedy=f"see {places.log}",
        ) from error
    # The kernel closes its connections a moment before its lock.
    locks.is_free_within(places.lock, MACHINE.stretched(_KILL_SECONDS))


def _lease(places: Places) -> Lease | None:
    """A lease on the running engine; None if none runs, or it is ending."""
    connection = connect(places)
    if connection is None:
        return None
    if connection.use():
        return Lease(connection, places)
    connection.close()
    return None


def _after_the_last(places: Places, progress: Callable[[str], None]) -> Lease | None:
    """A lease on the running engine, or None once the last one has ended.

    Raises:
        EngineTimeout: it has not ended in time; the message names its process.
    """
    seconds = MACHINE.stretched(STOP_SECONDS)
    deadline = time.monotonic() + seconds
    told = False
    while not (lease := _lease(places)) and locks.is_locked(places.lock):
        if time.monotonic() > deadline:
            raise EngineTimeout(
                _not_ended(locks.holders(places.lock), f"{seconds:g}"),
                remedy=tr("run `workshop engine stop`, which ends it, then try again"),
            )
        if not told:
            progress(tr("Waiting for the end of the last private engine"))
            told = True
        time.sleep(_POLL_SECONDS)
    return lease


def _not_ended(pids: Sequence[int], seconds: str) -> str:
    if not pids:
        return tr("the last private engine's supervisor has not ended within {seconds} s", seconds=seconds)
    return trn(
        "the last private engine's supervisor, process {pids}, has not ended within {seconds} s",
        "the last private engine's supervisor, processes {pids}, has not ended within {seconds} s",
        len(pids),
        pids=" ".join(map(str, pids)),
        seconds=seconds,
    )
