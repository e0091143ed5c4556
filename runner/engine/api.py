"""What the rest of the runner may ask of a container engine."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from runner.errors import EngineError
from runner.lab.model.container import ContainerSpec
from runner.stream import Stream

LABEL = "io.seccomp-workshop"
"""The namespace of the labels on everything we start."""
SESSION_LABEL = f"{LABEL}.session"


class EngineUnavailable(EngineError):
    """No engine can be reached, or it went away."""


class EngineTimeout(EngineError):
    """The engine took longer than it may."""


class ProgramTimeout(EngineError):
    """A program in a container took longer than it may and was killed; `output` is what it had printed."""

    def __init__(self, message: str, *, output: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.output = output


class ImageMissing(EngineError):
    """The image is not on the engine and cannot be had."""


class ContainerGone(EngineError):
    """The container that was to answer has exited or was removed."""


class StartRefused(EngineError):
    """The runtime could not start the container; the message is the engine's own."""


class NameTaken(EngineError):
    """Another container has the name already."""


class NotTried(StartRefused):
    """The engine was not asked to start the container, since that could have hung it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineInfo:
    """What an engine says of itself.

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
    bounded: bool = True
    """Whether it enforces pids and memory limits; rootless engines without cgroups do not."""
    default_network: bool = True
    """Whether a container that names no network gets one that leads anywhere, or a warning instead."""
    pulls: bool = True
    """Whether it may reach a registry; the private one has no network."""
    connection: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The variables by which docker's own command reaches it, besides the endpoint."""

    @property
    def kernel_version(self) -> tuple[int, int]:
        """`kernel` as numbers; (0, 0) if the engine does not say."""
        major, _, minor = self.kernel.partition(".")
        return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else (0, 0)


@dataclass(frozen=True, slots=True)
class Completed:
    """A program that ended by itself.

    `output` is stdout and stderr as they came, decoded with replacement, at most 1 MiB of it.
    """

    status: int
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerState:
    """What the engine says of a container.

    `seccomp` is the profile's JSON content, `unconfined`, or "" for the default.
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
"""Takes strace's log of a program as it comes; what is told before the first successful execve is the gate's."""


class Tracer(Protocol):
    """A running strace."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the container is not watched, and why."""

    def log(self) -> Iterator[bytes]:
        """What it prints, to the end of all that it watches or until `remove`."""

    def remove(self) -> None:
        """End it; what was watched goes on. May be called from any thread, and twice."""

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
        """Run a program beside the first process; with `log`, which takes it, every call is told.

        Raises:
            ContainerGone: it no longer runs.
            ProgramTimeout: with the partial output; the program is killed.
            EngineError: it cannot be watched, and why.
        """

    def watch(self) -> Tracer:
        """Watch all of its processes from now on, and those that they start.

        Raises:
            ContainerGone: it no longer runs.
            EngineError: they cannot be watched, and why.
        """

    def state(self) -> ContainerState:
        """How it was started and whether it runs."""

    def remove(self) -> None:
        """Kill and remove it; no error when it has gone."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Why an engine has gone, in words that follow "the engine has ended: ", and what helps; "" for what nobody knows.

    `wanted` is whether somebody has ended it.
    """

    why: str = ""
    remedy: str = ""
    wanted: bool = False


class Engine(Protocol):
    """A reachable container engine on behalf of one session: what it starts carries that session's label."""

    @property
    def info(self) -> EngineInfo:
        """What the engine says of itself."""

    @property
    def labels(self) -> Mapping[str, str]:
        """What everything that this session starts carries."""

    def start(self, spec: ContainerSpec, *, seccomp: str, name: str = "", timeout: float) -> Container:
        """Start a container; `seccomp` is a profile's JSON content, `unconfined`, or "" for the engine's default.

        Raises:
            NameTaken: there is a container of this name.
            StartRefused: the runtime could not start it; nothing of it is left.
            EngineTimeout: the runtime hung; its processes were killed and nothing is left.
            ImageMissing, EngineUnavailable.
        """

    def find(self, name: str) -> Container | None:
        """The running container of this session, with a terminal, that has this name; None if there is none."""

    def run(self, spec: ContainerSpec, *, seccomp: str, timeout: float, log: Log | None = None) -> Completed:
        """Start a container without a terminal, wait for its end, and remove it; with `log`, every call is told.

        Raises as `start` and `Container.exec` do.
        """

    def image_names(self) -> tuple[str, ...]:
        """The names of its images (`lab:latest`), those that people give; () where it does not tell."""

    def for_session(self, session: str) -> "Engine":
        """The same engine on behalf of another session, for use from another thread.

        Closing it sweeps that session alone.
        """

    def ping(self) -> None:
        """Have it answer; from any thread.

        Raises:
            EngineUnavailable: it is gone.
            EngineError: it does not answer now.
        """

    def loss(self) -> Loss:
        """Why it has gone, as far as that is known; may wait a moment for who knows, from any thread."""

    def sweep(self) -> None:
        """Remove everything that carries this session's label."""

    def close(self) -> None:
        """Sweep, and let go of the engine."""
