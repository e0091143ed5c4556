"""A started container, over the Docker API."""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from docker.errors import APIError, NotFound

from runner.engine.api import (
    Completed,
    ContainerGone,
    ContainerState,
    EngineTimeout,
    EngineUnavailable,
    Log,
    ProgramTimeout,
    Tracer,
)
from runner.engine.docker.client import Client, engine_errors, explanation
from runner.engine.docker.podman import profile_content
from runner.engine.docker.streams import Hijacked, OutputTimeoutError, TerminalStream, collect
from runner.engine.docker.traced import Gate, telling
from runner.engine.processes import kill_inside, kill_leaderless, kill_runtime
from runner.engine.shim import DETACH_KEYS
from runner.errors import EngineError, UsageError
from runner.language import tr
from runner.pace import MACHINE
from runner.stream import Stream

REMOVE_SECONDS = 15.0
_STATUS_SECONDS = 5.0
_SLOW_SECONDS = 2.0
"""What takes longer to remove may have left something."""
HANGING = (
    "on the engine's machine, as root, end what its shim has started "
    "(`pkill -KILL -P $(pgrep -f -- '-id {id}')`), then `docker rm -f {id}`"
)


if TYPE_CHECKING:
    from runner.engine.docker.sidecar import Sidecar

Beside = Callable[..., "Sidecar"]
"""Starts a `Sidecar` on this engine."""


class DockerContainer:
    """The `Container` named `identity`; `terminal` is its connection from before the start, if it has a tty."""

    def __init__(
        self,
        client: Client,
        identity: str,
        *,
        name: str,
        terminal: Hijacked | None,
        beside: Beside,
        threads_die: bool = False,
    ) -> None:
        self._client = client
        self._id = identity
        self._name = name or identity[:12]
        self._terminal = terminal
        self._beside = beside
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
            with engine_errors(f"cannot attach to {self._name}", self._client.endpoint):
                terminal = attach(self._client, self._id, stdin=True, logs=True)
        return TerminalStream(terminal, self._resize)

    def exec(
        self, argv: Sequence[str], *, user: str = "", timeout: float, log: Log | None = None
    ) -> Completed:
        """Run a program beside the first process; with `log`, a shell holds it until every call is told.

        Raises:
            ContainerGone: it no longer runs.
            ProgramTimeout: with the partial output; the program is killed.
            EngineError: it cannot be watched, and why.
        """
        gate = None if log is None else Gate()
        doing = f"cannot run {argv[0]} in {self._name}"
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
                    with telling(self._beside(self._id, program=gate.word), log):
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
        """Watch all of its processes from now on, and those that they start.

        Raises:
            ContainerGone: it no longer runs.
            EngineError: they cannot be watched, and why.
        """
        try:
            return self._beside(self._id, collected=True)
        except UsageError as error:
            raise ContainerGone(f"{self._name}: {error}", remedy=error.remedy) from error

    def state(self) -> ContainerState:
        """How it was started and whether it runs.

        Raises:
            ContainerGone: the engine does not know it any more.
        """
        with engine_errors(f"cannot look at {self._name}", self._client.endpoint), self._gone():
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
        with engine_errors(f"cannot resize {self._name}", self._client.endpoint), suppress(APIError):
            self._client.resize(self._id, rows, columns)

    def _exec_status(self, identity: str) -> int:
        """The exit status; the engine may still be noting it when the output has ended."""
        deadline = time.monotonic() + MACHINE.stretched(_STATUS_SECONDS)
        while True:
            found = self._client.exec_inspect(identity)
            if not found["Running"] and found["ExitCode"] is not None:
                return int(found["ExitCode"])
            if time.monotonic() > deadline:
                # It closed its output and goes on in the background.
                return int(found["ExitCode"] or 0)
            time.sleep(0.01)

    def _kill_exec(self, identity: str, program: str, timeout: float, output: bytes) -> ProgramTimeout:
        """End the exec's program, where only the engine may signal it with its container, and say so."""
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


def remove(client: Client, identity: str, *, threads_die: bool = False) -> None:
    """Kill and remove a container with its anonymous volumes, ending a runtime that hangs on it.

    `threads_die` says that its profile may have killed a thread alone, which engines see only after ten seconds.

    Raises:
        EngineTimeout: it could not be removed; the remedy says how to by hand.
        EngineUnavailable.
    """
    doing = f"cannot remove container {identity[:12]}"
    seconds = MACHINE.stretched(REMOVE_SECONDS)
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
                f"{doing}: that took more than {seconds:g} s", remedy=HANGING.format(id=identity)
            ) from error
        _remove_once(client, identity, doing, seconds)
    if time.monotonic() - began > _SLOW_SECONDS:
        kill_leaderless(identity)


def kills_threads(seccomp: str) -> bool:
    """Whether the profile with this content may end a thread and leave the others of its process."""
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
    """Wait for someone else's removal: until then the container's name is taken."""
    deadline = time.monotonic() + seconds
    with engine_errors(doing, client.endpoint), suppress(NotFound):
        while time.monotonic() < deadline:
            client.inspect_container(identity)
            time.sleep(0.02)


def _going(error: EngineError) -> bool:
    """Whether someone else is removing the container already."""
    cause = error.__cause__
    return (
        isinstance(cause, APIError)
        and cause.status_code == 409
        and "already in progress" in explanation(cause)
    )


def container_state(found: dict[str, Any]) -> ContainerState:
    """What the engine's inspection says, in our terms."""
    host = found["HostConfig"]
    options = dict(option.partition("=")[::2] for option in host.get("SecurityOpt") or ())
    return ContainerState(
        running=found["State"]["Running"],
        exit_code=found["State"]["ExitCode"],
        seccomp="unconfined" if host["Privileged"] else profile_content(options.get("seccomp", "")),
        apparmor=options.get("apparmor", found.get("AppArmorProfile") or ""),
        cap_add=tuple(_bare(name) for name in host.get("CapAdd") or ()),
        cap_drop=tuple(_bare(name) for name in host.get("CapDrop") or ()),
        privileged=host["Privileged"],
        network_mode="none" if found["Config"].get("NetworkDisabled") else host["NetworkMode"],
    )


def _bare(capability: str) -> str:
    """The name as Docker's command line takes it; some engines report `CAP_ALL` or `CAP_SYS_ADMIN`."""
    return capability.upper().removeprefix("CAP_")
