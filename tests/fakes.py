"""An engine without containers, for tests of code that uses engines: the programs' behaviour is scripted."""

import queue
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Self

from runner.engine.api import (
    Completed,
    Container,
    ContainerGone,
    ContainerState,
    EngineInfo,
    EngineUnavailable,
    ImageMissing,
    Log,
    Loss,
    NameTaken,
    Tracer,
)
from runner.engine.owner import Owner, labels
from runner.lab.model.container import ContainerSpec
from runner.pace import MACHINE
from runner.stream import Stream

INFO = EngineInfo(
    name="Docker",
    version="20.10.24",
    runtime="runc",
    runtime_version="1.1.5",
    arch="amd64",
    kernel="6.18",
    isolation="user-namespace",
    endpoint="unix:///fake/docker.sock",
    seccomp=True,
)


def new_session() -> str:
    """A session id that no other test has."""
    return secrets.token_hex(6)


def wait_until(true: Callable[[], bool], *, seconds: float = 15) -> bool:
    """True if it becomes true in time."""
    deadline = time.monotonic() + MACHINE.stretched(seconds)
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@dataclass(frozen=True)
class Call:
    """A program that the engine was asked for: in a fresh container (`run`, `start`) or a running one (`exec`)."""

    kind: str
    argv: tuple[str, ...]
    spec: ContainerSpec
    seccomp: str
    user: str = ""


Answer = Completed | Exception
Program = Callable[[Call], Answer]
"""What a program does: it ends with a status and output, or the engine raises."""


@dataclass
class FakeEngine:
    """An engine for one session. `programs` are asked in turn by the regular expression that finds their command line.

    A command line that none is scripted for ends with status 0 and no output. `calls` records all that was asked,
    `containers` what exists now; both are shared with the engines of other sessions made by `for_session`.
    """

    programs: dict[str, Program | Answer] = field(default_factory=dict)
    images: set[str] = field(default_factory=lambda: {"lab"})
    session: str = field(default_factory=new_session)
    info: EngineInfo = INFO
    calls: list[Call] = field(default_factory=list)
    containers: dict[str, "FakeContainer"] = field(default_factory=dict)
    traced: dict[str, str] = field(default_factory=dict)
    """strace's log of programs, by the regular expression that finds their command line."""
    watched: list["FakeTracer"] = field(default_factory=list)
    """The watching that was begun, of all containers."""
    unwatchable: Exception | None = None
    """Why no container can be watched."""
    dead: threading.Event = field(default_factory=threading.Event)
    """Set it, and the engine is gone."""
    said: list[Loss] = field(default_factory=list)
    """Why it is gone."""
    closed: bool = False

    @property
    def labels(self) -> Mapping[str, str]:
        return labels(self.session, Owner.current())

    def __enter__(self) -> "FakeEngine":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def start(self, spec: ContainerSpec, *, seccomp: str, name: str = "", timeout: float) -> Container:  # noqa: ARG002 - nothing here takes time
        self._check(spec)
        if name and any(one.name == name for one in self.containers.values()):
            raise NameTaken(f"there is a container {name}")
        container = FakeContainer(self, spec, seccomp, name)
        ended = self.answer(Call("start", command(spec), spec, seccomp))
        if ended is not None:
            container.output, container.status = ended.output, ended.status
        self.containers[container.id] = container
        return container

    def find(self, name: str) -> Container | None:
        self.check_alive()
        ours = (one for one in self.containers.values() if one.engine.session == self.session)
        running = (one for one in ours if one.name == name and one.status is None and one.spec.tty)
        return next(running, None)

    def image_names(self) -> tuple[str, ...]:
        return tuple(sorted(f"{name}:latest" for name in self.images))

    def run(
        self,
        spec: ContainerSpec,
        *,
        seccomp: str,
        timeout: float,  # noqa: ARG002 - nothing here takes time
        log: Log | None = None,
    ) -> Completed:
        self._check(spec)
        self.tell(command(spec), log)
        return self.answer(Call("run", command(spec), spec, seccomp)) or Completed(0, "")

    def for_session(self, session: str) -> Self:
        return replace(self, session=session, closed=False)

    def ping(self) -> None:
        self.check_alive()

    def loss(self) -> Loss:
        return self.said[-1] if self.said else Loss()

    def sweep(self) -> None:
        self.check_alive()
        for container in list(self.containers.values()):
            if container.engine.session == self.session:
                container.remove()

    def close(self) -> None:
        with suppress(EngineUnavailable):
            self.sweep()
        self.closed = True

    def answer(self, call: Call) -> Completed | None:
        """The scripted behaviour for the call, or None."""
        self.check_alive()
        self.calls.append(call)
        for pattern, program in self.programs.items():
            if re.search(pattern, " ".join(call.argv)):
                answer = program(call) if callable(program) else program
                if isinstance(answer, Exception):
                    raise answer
                return answer
        return None

    def tell(self, argv: Sequence[str], log: Log | None) -> None:
        """Hand on the log that is scripted for a program."""
        for pattern, told in self.traced.items():
            if log is not None and re.search(pattern, " ".join(argv)):
                log(told.encode())

    def check_alive(self) -> None:
        if self.dead.is_set():
            raise EngineUnavailable("the fake engine is gone")

    def _check(self, spec: ContainerSpec) -> None:
        self.check_alive()
        if spec.image not in self.images:
            raise ImageMissing(f"the engine has no image {spec.image}")


class FakeContainer:
    """A container that runs until it is removed, or has ended if `start` was scripted."""

    def __init__(self, engine: FakeEngine, spec: ContainerSpec, seccomp: str, name: str) -> None:
        self.engine = engine
        self.spec = spec
        self.seccomp = seccomp
        self.name = name
        self.output = ""
        self.status: int | None = None
        self._id = secrets.token_hex(32)

    @property
    def id(self) -> str:
        return self._id

    def attach(self) -> Stream:
        return FakeTerminal(self.output, ended=self.status is not None)

    def exec(
        self,
        argv: Sequence[str],
        *,
        user: str = "",
        timeout: float,  # noqa: ARG002 - nothing here takes time
        log: Log | None = None,
    ) -> Completed:
        self.engine.check_alive()
        if not self._running:
            raise ContainerGone(f"{self.name or self._id[:12]} no longer runs")
        self.engine.tell(argv, log)
        return self.engine.answer(Call("exec", tuple(argv), self.spec, self.seccomp, user)) or Completed(
            0, ""
        )

    def watch(self) -> Tracer:
        self.engine.check_alive()
        if not self._running:
            raise ContainerGone(f"{self.name or self._id[:12]} no longer runs")
        if self.engine.unwatchable is not None:
            raise self.engine.unwatchable
        tracer = FakeTracer(self._id)
        self.engine.watched.append(tracer)
        return tracer

    def state(self) -> ContainerState:
        self.engine.check_alive()
        if self._id not in self.engine.containers:
            raise ContainerGone(f"{self.name or self._id[:12]} was removed")
        options = dict(option.partition("=")[::2] for option in self.spec.security_opt)
        return ContainerState(
            running=self._running,
            exit_code=self.status or 0,
            seccomp=self.seccomp,
            apparmor=options.get("apparmor", ""),
            cap_add=self.spec.cap_add,
            cap_drop=self.spec.cap_drop,
            privileged=self.spec.privileged,
            network_mode=self.spec.network_mode,
        )

    def remove(self) -> None:
        self.engine.containers.pop(self._id, None)

    @property
    def _running(self) -> bool:
        return self._id in self.engine.containers and self.status is None


class FakeTracer:
    """A strace that tells what it is given; `b""` is its end."""

    def __init__(self, container: str) -> None:
        self.container = container
        self.told: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.notes: tuple[str, ...] = ()
        self.removed = False
        self.released = False

    def log(self) -> Iterator[bytes]:
        while data := self.told.get():
            yield data

    def remove(self) -> None:
        self.removed = True
        self.told.put(b"")

    def release(self) -> None:
        self.released = True


class FakeTerminal:
    """A terminal that shows `output`, then echoes its input."""

    def __init__(self, output: str, *, ended: bool) -> None:
        self._pending: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.size = (80, 24)
        if output:
            self._pending.put(output.encode())
        if ended:
            self.close()

    def read(self) -> bytes:
        data = self._pending.get()
        if not data:
            self._pending.put(b"")
        return data

    def write(self, data: bytes) -> None:
        if data:
            self._pending.put(data)

    def write_now(self, data: bytes) -> bool:
        self.write(data)
        return True

    def resize(self, columns: int, rows: int) -> None:
        self.size = (columns, rows)

    def close(self) -> None:
        self._pending.put(b"")


def command(spec: ContainerSpec) -> tuple[str, ...]:
    """The command line of a container's first process."""
    return (*spec.entrypoint, *spec.command)
