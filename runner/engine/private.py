"""The private engine as its users see it: get hold of it, let go of it, ask about it."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import runner
from runner.engine.api import EngineTimeout, EngineUnavailable
from runner.engine.places import Places
from runner.errors import EngineError

START_SECONDS = 45.0
STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Status:
    """A running private engine: `users` are processes that hold a lease, `held` is set by `workshop engine start`."""

    endpoint: str
    pid: int
    users: int
    held: bool


class Lease:
    """Keeps the private engine running until it is released, or this process ends in whatever way."""

    def __init__(self, connection: socket.socket, status: Status) -> None:
        self._connection = connection
        self.status = status

    @property
    def endpoint(self) -> str:
        return self.status.endpoint

    def hold(self) -> None:
        """Keep the engine running when nobody uses it, until `stop`."""
        _ask(self._connection, "hold")

    def release(self, *, seconds: float = STOP_SECONDS) -> None:
        """Let go; the last user waits until the engine has ended and nothing of it is left."""
        with suppress(OSError), self._connection:
            self._connection.settimeout(seconds)
            self._connection.sendall(b"leave\n")
            while self._connection.recv(256):
                pass


def acquire(
    places: Places, progress: Callable[[str], None] = lambda _line: None, *, seconds: float = START_SECONDS
) -> Lease:
    """Use the running private engine, or start it; of several that start at once, one does and all use it.

    Raises:
        EngineError: it cannot be started, and why.
        EngineTimeout: it took longer than `seconds`.
    """
    if lease := _connect(places):
        return lease
    places.prepare()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with _start_lock(places, deadline):
            if lease := _connect(places):
                return lease
            progress("Starting the private engine")
            _launch(places, deadline)
        if lease := _connect(places):
            return lease
    raise EngineTimeout(f"the private engine was not ready within {seconds:g} s", remedy=f"See {places.log}.")


def status(places: Places) -> Status | None:
    """What runs at `places`, or None."""
    lease = _connect(places)
    if lease is None:
        return None
    lease.release()
    return lease.status


def stop(places: Places, *, seconds: float = STOP_SECONDS) -> bool:
    """End the private engine, also under its users; False if none runs.

    Raises:
        EngineTimeout: it did not end in time.
    """
    lease = _connect(places)
    if lease is None:
        return False
    connection = lease._connection  # noqa: SLF001 - the lease's own module
    with connection:
        connection.settimeout(seconds)
        with suppress(OSError):
            connection.sendall(b"stop\n")
            while connection.recv(256):
                pass
            return True
    raise EngineTimeout("the private engine did not stop in time", remedy=f"See {places.log}.")


def _connect(places: Places) -> Lease | None:
    """A lease on the engine that runs, or None; a supervisor on its way out greets nobody."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(5.0)
        connection.connect(str(places.control))
        greeting = _line(connection)
    except OSError:
        connection.close()
        return None
    if not greeting:
        connection.close()
        return None
    known = json.loads(greeting)
    return Lease(connection, Status(known["endpoint"], known["pid"], known["users"], known["held"]))


def _launch(places: Places, deadline: float) -> None:
    """Start a supervisor that outlives us, and wait for its first line.

    Raises:
        EngineError: what the supervisor says.
    """
    package = Path(runner.__file__).parent.parent
    search = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH", "")]))
    command = [
        *(sys.executable, "-m", "runner.engine.supervisor"),
        *("--data", str(places.data), "--runtime", str(places.runtime)),
    ]
    with (places.runtime / "supervisor.log").open("wb") as log:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            cwd="/",
            env=os.environ | {"PYTHONPATH": search},
        )
    answer = _first_line(child, deadline)
    # The supervisor goes on by itself, so nobody is to be warned that it was not waited for.
    child.returncode = 0
    if "ready" not in answer:
        raise EngineError(
            answer.get("error") or f"the private engine's supervisor ended at once; see {log.name}",
            remedy=answer.get("remedy", ""),
        )


def _first_line(child: "subprocess.Popen[bytes]", deadline: float) -> dict[str, Any]:
    assert child.stdout is not None
    with child.stdout as pipe:
        os.set_blocking(pipe.fileno(), False)
        text = b""
        while time.monotonic() < deadline and not text.endswith(b"\n"):
            with suppress(BlockingIOError):
                piece = os.read(pipe.fileno(), 65536)
                if not piece:
                    break
                text += piece
                continue
            time.sleep(0.01)
    try:
        found: dict[str, Any] = json.loads(text or b"{}")
    except ValueError:
        return {}
    return found


def _ask(connection: socket.socket, word: str) -> dict[str, Any]:
    try:
        connection.sendall(f"{word}\n".encode())
        answer: dict[str, Any] = json.loads(_line(connection) or b"{}")
    except (OSError, ValueError) as error:
        raise EngineUnavailable("the private engine's supervisor does not answer") from error
    return answer


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
    """One process at a time; the kernel frees the lock when its holder dies."""
    with (places.runtime / "start.lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise EngineTimeout(
                        "another process has been starting the private engine for too long"
                    ) from None
                time.sleep(0.02)
        yield
