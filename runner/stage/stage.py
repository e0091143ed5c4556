"""A learner's environment: workspace, containers and consoles, as a lab defines them."""

import threading
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import replace
from types import MappingProxyType
from typing import Any, TypeVar
from weakref import WeakSet

from runner.check.context import NotThere, ProbeContext
from runner.check.observation import REFUSALS
from runner.check.outcome import Failed, Outcome, Passed
from runner.check.refusal import why_refused
from runner.engine.api import Completed, Container, Engine, NameTaken, NotTried, StartRefused
from runner.errors import EngineError
from runner.lab.model.check import Refused
from runner.lab.model.container import ContainerSpec
from runner.lab.model.workshop import HOST, OWN_SHELLS, ContainerBlock, FileBlock
from runner.language import tr
from runner.pace import MACHINE
from runner.shell.console import Console
from runner.shell.recorder import CommandFinished
from runner.stage.confinement import seccomp_option, unusable
from runner.stage.host_program import run_on_host
from runner.stage.names import ContainerNames
from runner.stage.workspace import Workspace

START_TIMEOUT = 20.0
"""Seconds that a container may take to start on a usual machine."""

_Thing = TypeVar("_Thing")

OpenConsole = Callable[[str, Workspace, Container | None], Console]
"""Opens the console of that name: of a container's first process, or of the workspace if there is no container."""


class Cancelled(EngineError):
    """The stage was cancelled while it was at work."""


class Stage:
    """One learner's environment in one lab; owns the workspace, the containers and the consoles.

    Any thread may cancel or close it while another is at work: what is opened then is ended by the thread that opens
    it, which gets `Cancelled`.

    `environment` is for programs in the workspace; `container_environment` makes a container's shell mark its
    commands.
    """

    def __init__(
        self,
        *,
        engine: Engine,
        workspace: Workspace,
        environment: Mapping[str, str],
        container_environment: Mapping[str, str],
        open_console: OpenConsole,
        definitions: Mapping[str, ContainerBlock] | None = None,
        cancelled: threading.Event | None = None,
        names: ContainerNames | None = None,
    ) -> None:
        self.engine = engine
        self.workspace = workspace
        self._environment = environment
        self._container_environment = container_environment
        self._open_console = open_console
        self._definitions = dict(definitions or {})
        self._containers: dict[str, Container] = {}
        self._consoles: dict[str, Console] = {}
        self._names = names or ContainerNames(workspace.beside)
        self._typed: dict[str, tuple[CommandFinished, ...]] = {}
        self._changing = threading.Lock()
        """Held while something is added to these, or all of them are looked up."""
        self._closed = False
        self._cancelled = cancelled or threading.Event()
        self._forks: WeakSet[Stage] = WeakSet()
        self._forking = threading.Lock()

    @property
    def probe_context(self) -> ProbeContext:
        """The environment as probes see it, in any thread; it follows the stage's changes."""
        return ProbeContext(
            engine=self.engine,
            workspace=self.workspace.root,
            containers=MappingProxyType(self._containers),
            typed=MappingProxyType(self._typed),
            profile=self._seccomp,
            unusable=self._unusable,
            host=self._run_on_host,
        )

    @property
    def running(self) -> frozenset[str]:
        """The names of the containers that were started and not dropped; one of them may have exited by itself."""
        return frozenset(self._containers)

    @property
    def open_consoles(self) -> frozenset[str]:
        """The names of the consoles that were opened and not dropped."""
        return frozenset(self._consoles)

    def define(self, block: ContainerBlock) -> None:
        """Define the container that `block` describes, under its name."""
        self._definitions[block.name] = block

    def launch(self, block: ContainerBlock) -> Outcome:
        """Start the container that `block` defines, replacing one of its name; returns whether it went as expected."""
        self.define(block)
        self.drop(block.name)
        try:
            self.container(block.name)
        except StartRefused as refusal:
            if block.starts:
                return Failed(
                    expected=tr("the container {name!r} starts", name=block.name),
                    actual=str(refusal),
                    at=block.span,
                )
            return self._not_started(block, refusal)
        if not block.starts:
            self.drop(block.name)
            return Failed(
                expected=tr("the container {name!r} does not start", name=block.name),
                actual=tr("it started"),
                at=block.span,
            )
        return Passed(tr("started"))

    def container(self, name: str) -> Container:
        """The running container `name`, started now if it is defined and not running.

        Raises:
            NotThere: it is not defined, or its profile is missing.
            StartRefused, EngineError: it cannot be started.
        """
        if name not in self._containers:
            if name not in self._definitions:
                raise NotThere(tr("the container {name!r} has not been launched", name=name))
            spec = self._definitions[name].spec
            marked = {**self._container_environment, **spec.environment}
            spec = replace(spec, tty=True, hostname=spec.hostname or name, environment=marked)
            started = self._start(name, spec)
            self._own(self._containers, name, started, started.remove)
            return started
        return self._containers[name]

    def adopt(self, name: str) -> bool:
        """Use a container that the learner started under this name in place of the lab's; True if there is one.

        Raises:
            EngineError: the engine does not answer.
        """
        container = None if name in self._containers else self.engine.find(self._names.on_engine(name))
        if container is not None:
            self._own(self._containers, name, container, container.remove)
        return container is not None

    def place(self, block: FileBlock) -> None:
        """Put a file of the lab into the workspace."""
        self.workspace.write(block.name, block.content)

    def console(self, target: str) -> Console:
        """The console `target`, opened now if it is not yet; commands that finish there count for transcript probes.

        Raises:
            ConsoleError: no shell answers there.
            NotThere, EngineError: its container cannot be started.
        """
        if target not in self._consoles:
            self._check_not_cancelled()
            own = target in OWN_SHELLS
            console = self._open_console(target, self.workspace, None if own else self.container(target))
            console.subscribe(lambda finished: self._note_typed(HOST if own else target, finished))
            self._own(self._consoles, target, console, console.close)
            return console
        return self._consoles[target]

    def type(self, target: str, text: str, timeout: float) -> CommandFinished:
        """Type one command into a console and wait for its end.

        Raises:
            ConsoleError: the console did not answer in time or is gone.
            NotThere, EngineError: its container cannot be started.
        """
        self._check_not_cancelled()
        return self.console(target).run(text, timeout)

    def drop(self, name: str) -> None:
        """Close the console `name` and remove its container; no error if there is none."""
        if console := self._consoles.pop(name, None):
            console.close()
        if container := self._containers.pop(name, None):
            container.remove()
            self._names.forget(name)

    def fork(self, workspace: Workspace, changes: Mapping[str, Mapping[str, Any]] | None = None) -> "Stage":
        """A stage that owns `workspace`, with nothing started and `changes` applied to the containers they name."""
        definitions = {
            name: replace(block, spec=block.spec.overridden((changes or {}).get(name, {})))
            for name, block in self._definitions.items()
        }
        side = Stage(
            engine=self.engine,
            workspace=workspace,
            environment=self._environment,
            container_environment=self._container_environment,
            open_console=self._open_console,
            definitions=definitions,
            cancelled=self._cancelled,
            names=self._names.fork(),
        )
        # `cancel` iterates over them from another thread.
        with self._forking:
            self._forks.add(side)
        return side

    def forget_typed(self) -> None:
        """Start a step: commands typed before do not count for its checks."""
        with self._changing:
            self._typed.clear()

    def cancel(self) -> None:
        """Stop the work of this stage and its forks, from any thread; running containers are removed."""
        self._cancelled.set()
        with self._forking:
            forks = tuple(self._forks)
        for stage in (self, *forks):
            stage.hang_up()
        with suppress(EngineError):
            self.engine.sweep()

    def hang_up(self) -> None:
        """Close the consoles, from any thread: typing into them fails."""
        # If the stage was stopped before, those that come later end by themselves.
        with self._changing:
            consoles = tuple(self._consoles.values())
        for console in consoles:
            console.close()

    def close(self) -> None:
        """Close the consoles, and remove the containers and the workspace, from any thread."""
        self._closed = True
        try:
            self.hang_up()
            for container in list(self._containers.values()):
                container.remove()
            self._names.forget(*self._containers)
        finally:
            self.workspace.remove()

    def _own(
        self, owned: MutableMapping[str, _Thing], name: str, thing: _Thing, end: Callable[[], None]
    ) -> None:
        """Have the stage own what was opened for it; `end` it at once if the stage was stopped meanwhile.

        Raises:
            Cancelled: the stage was stopped; its stopper did not know of the thing.
        """
        with self._changing:
            if not self._stopped:
                owned[name] = thing
                return
        with suppress(EngineError):
            end()
        self._check_not_cancelled()

    def _note_typed(self, target: str, finished: CommandFinished) -> None:
        with self._changing:
            self._typed[target] = (*self._typed.get(target, ()), finished)

    def _start(self, name: str, spec: ContainerSpec) -> Container:
        """Start the container under its name, which docker knows too; under another name if that is taken."""
        seccomp, limit = self._seccomp(spec), MACHINE.stretched(START_TIMEOUT)
        wanted = self._names.wanted(name)
        try:
            return self.engine.start(spec, seccomp=seccomp, name=wanted, timeout=limit)
        except NameTaken:
            other = self._names.another(name)
            return self.engine.start(spec, seccomp=seccomp, name=other, timeout=limit)

    def _not_started(self, block: ContainerBlock, refusal: StartRefused) -> Outcome:
        """Judge whether the profile's filter stopped a container that is not meant to start."""
        seccomp = "" if isinstance(refusal, NotTried) else self._seccomp(block.spec)
        why = why_refused(block.spec, seccomp, refusal, self.probe_context, MACHINE.stretched(START_TIMEOUT))
        if why is Refused.FILTER:
            return Passed(tr("did not start: {refusal}", refusal=refusal))
        actual = f"{tr(REFUSALS[why])}: {refusal}"
        return Failed(expected=tr(REFUSALS[Refused.FILTER]), actual=actual, at=block.span)

    def _seccomp(self, spec: ContainerSpec) -> str:
        self._check_not_cancelled()
        return seccomp_option(spec, self.workspace, self.engine.info)

    def _unusable(self, spec: ContainerSpec, content: str) -> str:
        return unusable(spec, content, self.engine.info)

    def _run_on_host(self, argv: Sequence[str], timeout: float) -> Completed:
        self._check_not_cancelled()
        return run_on_host(argv, folder=self.workspace.root, environment=self._environment, timeout=timeout)

    @property
    def _stopped(self) -> bool:
        return self._closed or self._cancelled.is_set()

    def _check_not_cancelled(self) -> None:
        if self._stopped:
            raise Cancelled(tr("the session was stopped"))
