"""A started container, over the Docker API."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from docker.errors import APIError, NotFound

from runner.engine.api import Completed, ContainerGone, ContainerState, Log, ProgramTimeout, Tracer
from runner.engine.docker.client import engine_errors, explanation
from runner.engine.docker.launching import attach
from runner.engine.docker.removal import remove
from runner.engine.docker.session import EngineSession
from runner.engine.docker.sidecar import Sidecar
from runner.engine.docker.state import container_state
from runner.engine.docker.streams import Hijacked, OutputTimeoutError, TerminalStream, collect
from runner.engine.docker.traced import ShellGate, telling
from runner.engine.processes import kill_inside
from runner.errors import EngineError, UsageError
from runner.language import tr
from runner.pace import MACHINE
from runner.stream import Stream

_STATUS_SECONDS = 5.0


class DockerContainer:
    """The `Container` named `identity`; `terminal` is its connection from before the start, if it has a tty."""

    def __init__(
        self,
        session: EngineSession,
        identity: str,
        *,
        name: str,
        terminal: Hijacked | None,
        threads_die: bool = False,
    ) -> None:
        self._session = session
        self._client = session.client
        self._id = identity
        self._name = name or identity[:12]
        self._terminal = terminal
        self._threads_die = threads_die
        self._lock = threading.Lock()

    @property
    def id(self) -> str:
        """The engine's id."""
        return self._id

    def attach(self) -> Stream:
        """The terminal of the first process, from its first byte on.

        The first caller gets the connection made before the start; later ones have the log replayed.
        """
        with self._lock:
            terminal, self._terminal = self._terminal, None
        if terminal is None:
            with engine_errors(tr("cannot attach to {name}", name=self._name), self._client.endpoint):
                terminal = attach(self._client, self._id, stdin=True, logs=True)
        return TerminalStream(terminal, self._resize)

    def exec(
        self, argv: Sequence[str], *, user: str = "", timeout: float, log: Log | None = None
    ) -> Completed:
        """Run a program beside the first process; with `log`, a shell holds it until it is traced.

        Raises:
            ContainerGone: the container no longer runs.
            ProgramTimeout: with the partial output; the program is killed.
            EngineError: the program cannot be traced; the message has the reason.
        """
        gate = None if log is None else ShellGate()
        doing = tr("cannot run {program} in {name}", program=argv[0], name=self._name)
        with engine_errors(doing, self._client.endpoint):
            with self._gone(), self._client.within(timeout):
                words = gate.held(argv) if gate else list(argv)
                identity = self._client.exec_create(self._id, words, user=user, stdin=gate is not None)["Id"]
                body = {"Tty": False, "Detach": False}
                connection = self._client.hijack(f"/exec/{identity}/start", body=body)
            try:
                deadline = time.monotonic() + timeout
                if gate is None or log is None:
                    output = collect(connection, deadline=deadline)
                elif not gate.reached(connection, deadline):
                    output = gate.said
                else:
                    with telling(Sidecar(self._session, self._id, program=gate.word), log):
                        gate.open(connection)
                        output = collect(connection, deadline=time.monotonic() + timeout)
            except OutputTimeoutError as error:
                raise self._kill_exec(identity, argv[0], timeout, error.output) from error
            finally:
                connection.release()
            with self._gone():
                status = self._exec_status(identity)
        if status == 137 and not self.state().running:
            raise ContainerGone(
                tr("{name} ended while {program} ran in it", name=self._name, program=argv[0])
            )
        return Completed(status, output.decode(errors="replace"))

    def watch(self) -> Tracer:
        """Trace all of its processes from now on, and those that they start.

        Raises:
            ContainerGone: the container no longer runs.
            EngineError: they cannot be traced; the message has the reason.
        """
        try:
            return Sidecar(self._session, self._id, collected=True)
        except UsageError as error:
            raise ContainerGone(f"{self._name}: {error}", remedy=error.remedy) from error

    def state(self) -> ContainerState:
        """Return the settings it was started with, and whether it runs.

        Raises:
            ContainerGone: the engine no longer knows it.
        """
        with engine_errors(tr("cannot look at {name}", name=self._name), self._client.endpoint), self._gone():
            return container_state(self._client.inspect_container(self._id))

    def remove(self) -> None:
        """Kill and remove it; no error when it has gone."""
        with self._lock:
            terminal, self._terminal = self._terminal, None
        if terminal is not None:
            terminal.release()
        remove(self._client, self._id, threads_die=self._threads_die)

    def _resize(self, columns: int, rows: int) -> None:
        # A program that has just ended has no terminal to resize.
        with (
            engine_errors(tr("cannot resize {name}", name=self._name), self._client.endpoint),
            suppress(APIError),
        ):
            self._client.resize(self._id, rows, columns)

    def _exec_status(self, identity: str) -> int:
        """The exit status; the engine may record it a moment after the output has ended."""
        deadline = time.monotonic() + MACHINE.stretched(_STATUS_SECONDS)
        while True:
            found = self._client.exec_inspect(identity)
            if not found["Running"] and found["ExitCode"] is not None:
                return int(found["ExitCode"])
            if time.monotonic() > deadline:
                # The program closed its output and goes on in the background.
                return int(found["ExitCode"] or 0)
            time.sleep(0.01)

    def _kill_exec(self, identity: str, program: str, timeout: float, output: bytes) -> ProgramTimeout:
        """End the exec's program, if the engine may signal it apart from its container, and return the error."""
        message = tr(
            "{program} in {name} did not end within {timeout:g} s",
            program=program,
            name=self._name,
            timeout=timeout,
        )
        text = output.decode(errors="replace")
        with suppress(EngineError, NotFound):
            found = self._client.exec_inspect(identity)
            if found["Running"] and not kill_inside(self._id, found["Pid"]):
                remove(self._client, self._id)
                message += tr("; this engine offers no way to end it alone, so the container was removed")
        return ProgramTimeout(message, output=text)

    def _gone(self) -> "_Gone":
        return _Gone(self._name)


class _Gone:
    """Turns the engine's `no such container` and `not running` into ContainerGone."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, APIError) and (
            error.status_code in {404, 409}
            or "container state improper" in explanation(error)  # Podman's words
        ):
            raise ContainerGone(
                tr("{name} no longer runs: {reason}", name=self._name, reason=explanation(error)),
                remedy=tr("start the container again"),
            ) from error
