"""The private engine as its users see it: acquire it, release it, ask for its status."""

import fcntl
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import runner
from runner.engine.api import EngineTimeout, EngineUnavailable, Loss
from runner.engine.private import exit_reason, user_scope
from runner.engine.private.failures import TOO_SLOW
from runner.engine.private.places import Places
from runner.errors import EngineError
from runner.language import tr
from runner.pace import MACHINE

START_SECONDS = 90.0
STOP_SECONDS = 30.0
_ATTEMPTS = 3
"""A start that was slow, since its programs had to be read from disk, is faster the next time."""
_GREETING_SECONDS = 5.0
_WORD_SECONDS, _COUNT_SECONDS = 2.0, 2.0
_AGAIN = "run `workshop engine stop`, then try again"


@dataclass(frozen=True, slots=True)
class Status:
    """A running private engine: `users` are processes that hold a lease, `held` is set by `workshop engine start`."""

    endpoint: str
    pid: int
    users: int
    held: bool


class Lease:
    """Keeps the private engine running until it is released, or this process ends in any way."""

    def __init__(self, connection: socket.socket, status: Status, places: Places) -> None:
        self._connection = connection
        self._places = places
        self.status = status
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
            silent = not select.select([self._connection], [], [], 0)[0]
            lasts = silent or bool(self._connection.recv(1, socket.MSG_PEEK))
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
        try:
            self._connection.sendall(b"hold\n")
            answered = bool(_line(self._connection))
        except OSError:
            answered = False
        if not answered:
            raise EngineUnavailable("the private engine's supervisor does not answer", remedy=_AGAIN)

    def release(self) -> None:
        """Release the lease; the last user waits until the engine has ended and is fully removed."""
        with suppress(OSError):
            self._end("leave")

    def end(self) -> None:
        """End the engine, also under its other users.

        Raises:
            TimeoutError: it has not ended in time.
        """
        # A supervisor that is ending reads no more, and its end resets the connection.
        with suppress(ConnectionError):
            self._end("stop")

    def _end(self, word: str) -> None:
        """Send a message, and wait until the supervisor closes the connection."""
        with self._connection:
            self._connection.settimeout(MACHINE.stretched(STOP_SECONDS))
            self._connection.sendall(f"{word}\n".encode())
            while self._connection.recv(256):
                pass


def acquire(places: Places, progress: Callable[[str], None] = lambda _line: None) -> Lease:
    """Use the running private engine, or start it; if several processes do so at once, one starts it and all use it.

    Raises:
        EngineError: it cannot be started; the message has the reason.
        EngineTimeout: it exceeded the time limit for this machine.
    """
    if lease := _connect(places):
        return lease
    places.prepare()
    seconds = MACHINE.stretched(START_SECONDS)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with _start_lock(places, deadline):
            if lease := _connect(places):
                return lease
            progress(tr("Starting the private engine"))
            _launch(places, deadline)
        if lease := _connect(places):
            return lease
    raise EngineTimeout(f"the private engine was not ready within {seconds:g} s", remedy=f"see {places.log}")


def status(places: Places) -> Status | None:
    """The status of the engine at `places`; None if none runs."""
    lease = _connect(places)
    if lease is None:
        return None
    lease.release()
    return lease.status


def stop(places: Places) -> bool:
    """End the private engine, also under its users; False if none runs.

    Raises:
        EngineTimeout: it did not end in time.
    """
    lease = _connect(places)
    if lease is None:
        return False
    try:
        lease.end()
    except TimeoutError as error:
        raise EngineTimeout(
            f"the private engine did not stop within {MACHINE.stretched(STOP_SECONDS):g} s",
            remedy=f"see {places.log}",
        ) from error
    return True


def _connect(places: Places) -> Lease | None:
    """A lease on the running engine, or None; a supervisor that is ending greets nobody."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(MACHINE.stretched(_GREETING_SECONDS))
        connection.connect(str(places.control))
        greeting = _line(connection)
    except OSError:
        connection.close()
        return None
    if not greeting:
        connection.close()
        return None
    known = json.loads(greeting)
    status = Status(known["endpoint"], known["pid"], known["users"], known["held"])
    return Lease(connection, status, places)


def _launch(places: Places, deadline: float) -> None:
    """Start a supervisor that outlives us, in its own cgroup if this user can have one.

    Raises:
        EngineError: the supervisor reports an error.
        EngineTimeout: it reports nothing; it is asked to end.
    """
    package = Path(runner.__file__).parent.parent
    search = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH", "")]))
    command = [
        *(sys.executable, "-m", "runner.engine.private.supervisor"),
        *("--data", str(places.data), "--runtime", str(places.runtime)),
    ]
    environment = os.environ | {"PYTHONPATH": search}
    log = places.runtime / "supervisor.log"
    log.unlink(missing_ok=True)
    answer: dict[str, Any] = {}
    for _ in range(_ATTEMPTS):
        if os.geteuid() and not user_scope.obstacle():
            scoped, variables = user_scope.scoped(command), user_scope.variables()
            answer = _ask(scoped, environment | variables, log, deadline)
        # A supervisor always reports something; only a systemd that fails to start one is silent.
        answer = answer or _ask(command, environment, log, deadline)
        if TOO_SLOW not in answer.get("error", "") or time.monotonic() > deadline:
            break
    if "ready" not in answer:
        raise EngineError(
            answer.get("error") or "the private engine's supervisor ended at once",
            remedy=answer.get("remedy") or f"see {log}",
        )


def _ask(command: list[str], environment: Mapping[str, str], log: Path, deadline: float) -> dict[str, Any]:
    """Start a supervisor and wait for its first line; empty if it ends without one."""
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            start_new_session=True,
            cwd="/",
            env=environment,
        )
    try:
        return _first_line(child, deadline)
    except BaseException:
        child.terminate()
        raise
    finally:
        # The supervisor goes on by itself, so suppress the warning that it was not waited for.
        child.returncode = 0


def _first_line(child: "subprocess.Popen[bytes]", deadline: float) -> dict[str, Any]:
    """The supervisor's first message; empty if it ends without one."""
    assert child.stdout is not None
    with child.stdout as pipe:
        # A line fits into a pipe's atomic write, so a readable pipe has all of it.
        if not select.select([pipe], [], [], max(deadline - time.monotonic(), 0))[0]:
            raise EngineTimeout("the private engine's supervisor did not answer in time", remedy=_AGAIN)
        found: dict[str, Any] = json.loads(pipe.readline() or b"{}")
    return found


def _line(connection: socket.socket) -> bytes:
    text = b""
    while not text.endswith(b"\n"):
        piece = connection.recv(4096)
        if not piece:
            return b""
        text += piece
    return text


@contextmanager
def _start_lock(places: Places, deadline: float) -> Iterator[None]:
    """Hold the lock for starting an engine; the kernel frees it when its holder dies."""
    with (places.runtime / "start.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EngineTimeout(
                        "another process has been starting the private engine for too long", remedy=_AGAIN
                    ) from None
                time.sleep(0.02)
        yield
