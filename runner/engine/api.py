"""The interface through which the rest of the runner uses a container engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from runner.engine.addresses import docker_variables
from runner.errors import EngineError
from runner.lab.model.container import ContainerSpec
from runner.language import tr
from runner.stream import Stream

LABEL = "io.seccomp-workshop"
"""The namespace of the labels on everything that we start."""
SESSION_LABEL = f"{LABEL}.session"


class EngineUnavailable(EngineError):
    """No engine can be reached, or it went away."""


class EngineTimeout(EngineError):
    """The engine exceeded a time limit."""


class ProgramTimeout(EngineError):
    """A program in a container exceeded its time limit and was killed; `output` is its output until then."""

    def __init__(self, message: str, *, output: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.output = output


class ImageMissing(EngineError):
    """The image is not on the engine and cannot be provided."""


class ContainerGone(EngineError):
    """The container that should answer has exited or was removed."""


class StartRefused(EngineError):
    """The runtime could not start the container; the message is the engine's own."""


class NameTaken(EngineError):
    """Another container already has the name."""


class NotTried(StartRefused):
    """The engine was not asked to start the container, since that could have hung it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """An engine's description of itself.

    `kernel` is `X.Y`, `arch` a Go name (`amd64`), `isolation` one of `user-namespace`, `rootless`, `vm`, `none`.
    """

    name: str
    version: str
    runtime: str
    runtime_version: str
    arch: str
    kernel: str
    isolation: str
    endpoint: str
    seccomp: bool
    default_profile: str = ""
    """The default profile that it is configured with: a file on its machine, `unconfined`, or "" for its own."""
    bounded: bool = True
    """True if it enforces pids and memory limits; rootless engines without cgroups do not."""
    default_network: bool = True
    """True if a container that names no network gets a usable one; if not, docker prints a warning instead."""
    pulls: bool = True
    """True if it may use a registry; the private engine has no network."""
    connection: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The variables of its TLS, for docker's own command."""

    @property
    def docker_variables(self) -> dict[str, str]:
        """The environment variables that lead docker's own command to this engine, and to no other."""
        return docker_variables(self.endpoint, self.connection)

    @property
    def kernel_version(self) -> tuple[int, int]:
        """`kernel` as numbers; (0, 0) if the engine does not report it."""
        major, _, minor = self.kernel.partition(".")
        return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else (0, 0)


@dataclass(frozen=True, slots=True)
class Completed:
    """The result of a program that ended by itself.

    `output` is stdout and stderr in the order of arrival, decoded with replacement, at most 1 MiB of it.
    """

    status: int
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerState:
    """The engine's description of a container.

    `seccomp` is what was asked for: a profile's JSON content, `unconfined`, `builtin`, or "" for the default. What is
    in force, `applied_profile` tells.
    """

    running: bool
    exit_code: int
    seccomp: str
    apparmor: str
    cap_add: tuple[str, ...]
    cap_drop: tuple[str, ...]
    privileged: bool
    network_mode: str


Log = Callable[[bytes], object]
"""Receives strace's log of a program piece by piece; calls before the first successful execve are the gate's."""


class Tracer(Protocol):
    """A running strace."""

    @property
    def notes(self) -> tuple[str, ...]:
        """Parts of the container that are not traced, with the reason."""

    def log(self) -> Iterator[bytes]:
        """The output, to the end of all traced processes or until `remove`."""

    def remove(self) -> None:
        """End the tracing; the traced processes go on. May be called from any thread, and twice."""

    def release(self) -> None:
        """Free its connection, once nobody reads any more."""


class Container(Protocol):
    """A started container."""

    @property
    def id(self) -> str:
        """The engine's id."""

    def attach(self) -> Stream:
        """The terminal of the container's first process, from its first byte on; needs `tty`."""

    def exec(
        self, argv: Sequence[str], *, user: str = "", timeout: float, log: Log | None = None
    ) -> Completed:
        """Run a program beside the first process; with `log`, trace it and pass strace's log on.

        Raises:
            ContainerGone: the container no longer runs.
            ProgramTimeout: with the partial output; the program is killed.
            EngineError: the program cannot be traced; the message has the reason.
        """

    def watch(self) -> Tracer:
        """Trace all of its processes from now on, and those that they start.

        Raises:
            ContainerGone: the container no longer runs.
            EngineError: they cannot be traced; the message has the reason.
        """

    def state(self) -> ContainerState:
        """The settings it was started with, and whether it runs."""

    def remove(self) -> None:
        """Kill and remove it; no error when it has gone."""


@dataclass(frozen=True, slots=True)
class Loss:
    """The reason why an engine has ended, in words that follow "the engine has ended: ", and a remedy; "" if unknown.

    `why` and `remedy` are English, since the process that finds the reason knows no learner's language; `values` are
    filled into the places in braces of `why`. `wanted` is true if a user ended it.
    """

    why: str = ""
    remedy: str = ""
    wanted: bool = False
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def told(self) -> str:
        """The reason in the language in use."""
        return tr(self.why, **self.values)

    @property
    def told_remedy(self) -> str:
        """The remedy in the language in use."""
        return tr(self.remedy)


class Engine(Protocol):
    """A reachable container engine for one session: all containers that it starts carry that session's label."""

    @property
    def info(self) -> EngineInfo:
        """The engine's description of itself."""

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of everything that this session starts."""

    def start(self, spec: ContainerSpec, *, seccomp: str, name: str = "", timeout: float) -> Container:
        """Start a container; `seccomp` is a profile's JSON content, `unconfined`, or "" for the engine's default.

        Raises:
            NameTaken: a container has this name.
            StartRefused: the runtime could not start it; nothing of it is left.
            EngineTimeout: the runtime hung; its processes were killed and nothing is left. ImageMissing,
            EngineUnavailable.
        """

    def find(self, name: str) -> Container | None:
        """The running container of this session, with a terminal, that has this name; None if there is none."""

    def run(self, spec: ContainerSpec, *, seccomp: str, timeout: float, log: Log | None = None) -> Completed:
        """Start a container without a terminal, wait for its end, and remove it; with `log`, trace it.

        Raises as `start` and `Container.exec` do.
        """

    def image_names(self) -> tuple[str, ...]:
        """The names of its images (`lab:latest`) as people use them; () if it does not report them."""

    def for_session(self, session: str) -> "Engine":
        """The same engine on behalf of another session, for use from another thread.

        Closing it sweeps only that session.
        """

    def ping(self) -> None:
        """Check that it answers; may be called from any thread.

        Raises:
            EngineUnavailable: it is gone.
            EngineError: it does not answer at present.
        """

    def loss(self) -> Loss:
        """The reason why it has ended, as far as known; may wait a moment for it. May be called from any thread."""

    def sweep(self) -> None:
        """Remove everything that carries this session's label."""

    def close(self) -> None:
        """Sweep, and release the engine."""
