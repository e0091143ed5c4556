"""One learner in one lab: the stage with terminals to type into, and checks that run by themselves."""

import threading
from collections.abc import Callable, Collection
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from runner.check.context import NotThere
from runner.check.docker_run import DockerRun
from runner.check.outcome import Broken, Outcome, Passed
from runner.engine.api import Container, ContainerGone, Engine, EngineInfo, Loss, StartRefused
from runner.engine.shim import host_environment as engine_environment
from runner.errors import WorkshopError
from runner.lab.model.workshop import (
    HOST,
    OWN_SHELLS,
    ContainerBlock,
    FileBlock,
    Lab,
    Step,
    Workshop,
    console_name,
    shell_name,
)
from runner.language import tr
from runner.learner.session.busy import ShellBusyError
from runner.learner.session.consoles import PROMPT_TIMEOUT, Consoles
from runner.learner.session.events import CommandsTypedAgain, SessionEvent, WorkspaceMade
from runner.learner.session.examiner import Examiner
from runner.learner.session.files import LabFiles
from runner.learner.session.launches import LaunchesByHand, needed
from runner.learner.session.player import Player
from runner.learner.session.watches import Watches
from runner.shell.console import Console
from runner.shell.prompt import container_environment, host_environment
from runner.shell.prompt_state import Prompt
from runner.shell.recorder import CommandFinished
from runner.stage.environment import new_session
from runner.stage.persistent import PersistentWorkspace
from runner.stage.stage import Stage
from runner.stage.workspace import Workspace

if TYPE_CHECKING:
    from runner.learner.session.watching import Watching

Tell = Callable[[SessionEvent], None]


class LearnerSession:
    """One learner's session in a lab. Calls may wait for the engine or a shell: make them from a worker;
    only `place_files` does not.

    Events are sent from several threads. Owns the stage; the workspace below `folder` stays when it closes.
    """

    def __init__(self, *, engine: Engine, workshop: Workshop, lab: Lab, folder: Path, tell: Tell) -> None:
        """Open the lab for a new session on `engine`.

        Raises:
            WorkshopError: the workspace cannot be used.
            EngineError: the engine is gone.
        """
        self._lab = lab
        self._tell = tell
        self._lock = threading.RLock()
        self._defined: dict[str, ContainerBlock] = {}
        self._step: Step | None = None
        with ExitStack() as cleanup:
            session = engine.for_session(new_session())
            cleanup.callback(session.close)
            self.workspace = PersistentWorkspace(folder, workshop.files)
            cleanup.callback(self.workspace.remove)
            self._files = LabFiles(lab, self.workspace)
            shells = container_environment(interactive=True, prompt="# ")
            environment = host_environment(
                engine_environment(session, self.workspace.beside, shells=shells), interactive=True
            )
            self._stage = Stage(
                engine=session,
                workspace=self.workspace,
                environment=environment,
                container_environment=shells,
                open_console=self._open_console,
            )
            cleanup.callback(self._stage.close)
            self._examiner = Examiner(self._stage.probe_context, tell)
            self._by_hand = LaunchesByHand(block=self._block, adopt=self._adopt)
            cleanup.callback(self._by_hand.close)
            cleanup.callback(self._examiner.close)
            self._watches = Watches(session.info)
            cleanup.callback(self._watches.close)
            self._consoles = Consoles(
                self._stage, environment, tell=tell, began=self._examiner.began, saw=self._saw
            )
            self._player = Player(self._stage, self._consoles, self._examiner, launch=self.launch, tell=tell)
            self._cleanup = cleanup.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def engine(self) -> EngineInfo:
        """The engine in use."""
        return self._stage.engine.info

    @property
    def running(self) -> frozenset[str]:
        """The containers that were launched."""
        return self._stage.running

    def place_files(self, step: Step, *, fresh: bool) -> None:
        """Put the files of `step` into the workspace: the lesson's versions if it is `fresh`, else the learner's stay.

        Raises:
            WorkshopError: a file cannot be written.
        """
        self._files.place(step, fresh=fresh)

    def enter(
        self,
        step: Step,
        *,
        passed: frozenset[str],
        done: Collection[str],
        running: Collection[str] = (),
    ) -> None:
        """Make `step`, whose files are in place, the current one, and bring the stage into its initial state.

        Containers of earlier steps that it needs and that do not run are launched, and those steps' commands are typed
        there again, with the solutions of the steps `done`. So are those that were `running` under an engine that was
        lost.

        Raises:
            WorkshopError: the stage could not be prepared; the step is the current one anyway.
        """
        with self._lock:
            self._step = step
            try:
                self._prepare(step, done, running)
            finally:
                # However that ended, the commands before it do not count for the step's checks.
                self._stage.forget_typed()
                self._examiner.watch(step, passed)

    def _prepare(self, step: Step, done: Collection[str], running: Collection[str]) -> None:
        self._have_workspace()
        known = {block.name: block for earlier in self._lab.before(step) for block in earlier.containers}
        known |= {block.name: block for block in step.containers if block.name in running}
        for container in known.values():
            self._stage.define(container)
        self._defined |= known
        self.show(HOST)
        busy: ShellBusyError | None = None
        for name in sorted((needed(step) | {*running}) & known.keys() - self._stage.running):
            try:
                self._bring_back(name, step, done)
            except ShellBusyError as error:
                # It concerns this container only.
                busy = busy or error
        if busy is not None:
            raise busy

    def show(self, target: str) -> None:
        """Open the console `target`, launching its container if it does not run.

        A console that has ended is reopened.
        """
        with self._lock:
            self._have_workspace()
            self._consoles.show(target)

    def wait_for_prompt(self, target: str, timeout: float = PROMPT_TIMEOUT) -> bool:
        """Wait up to `timeout` seconds for the shell of an open console to wait for a line; True if it does."""
        return self._consoles.wait_for_prompt(target, timeout)

    def occupied(self, target: str) -> "ShellBusyError | None":
        """The reason why a console's shell takes no command; None if it takes one, or has ended."""
        with self._lock:
            return self._consoles.occupied(target)

    def look(self, target: str) -> str:
        """The reason why a console has ended, in words; "" if it has not, or was reopened.

        Raises:
            EngineUnavailable: the engine is gone, and the container with it.
        """
        with self._lock:
            containers = self._stage.probe_context.containers
            for name in [target] if target in containers else list(containers):
                try:
                    state = containers[name].state()
                except ContainerGone:
                    if name == target:
                        return tr("The container {name} is gone.", name=name)
                else:
                    if name == target and not state.running:
                        return tr(
                            "The container {name} has exited with status {exit_code}.",
                            name=name,
                            exit_code=state.exit_code,
                        )
            if not containers:
                self.ping()
            ended = target in self._stage.open_consoles and self._consoles.prompt(target) is Prompt.ENDED
            return tr("{shell_name} has ended.", shell_name=shell_name(target)) if ended else ""

    def ping(self) -> None:
        """Check that the engine still answers; does not wait for the session's other calls.

        Raises:
            EngineUnavailable: the engine is gone.
            EngineError: it does not answer now.
        """
        self._stage.engine.ping()

    def loss(self) -> Loss:
        """The reason for the engine's end, as far as it is known; may wait a moment."""
        return self._stage.engine.loss()

    def confinement(self, target: str) -> str:
        """The seccomp profile in force in a console, in words."""
        if target in OWN_SHELLS:
            return tr("{console_name}: no container", console_name=console_name(target))
        block = self._defined.get(target)
        option = "" if block is None else block.spec.seccomp
        return tr("{target}: seccomp {what}", target=target, what=option or tr("default profile"))

    def watch(self, target: str) -> "Watching | None":
        """Watch a container's calls, if they are not watched yet; None if there is no such container. Does not wait."""
        return self._watches.watch(
            target, self._stage.probe_context.containers.get(target), self._file_of(target)
        )

    def unwatch(self) -> None:
        """Stop watching all containers. Does not wait."""
        self._watches.end()

    def watched(self, target: str) -> "Watching | None":
        """The last watching of a container, which may have ended."""
        return self._watches.last(target)

    def run_by_hand(self, target: str) -> DockerRun | None:
        """The `docker run` in the foreground of a shell of the learner's, if there is one. Does not wait."""
        return self._consoles.run_by_hand(target)

    def denies(self, target: str, call: str) -> bool:
        """True if the profile that a container runs under denies a call with whatever arguments; False for none."""
        container = self._stage.probe_context.containers.get(target)
        return container is not None and self._watches.denies(container, call)

    def profile_file(self, target: str) -> str:
        """The workspace file with a container's profile; "" if the profile is in no such file."""
        name = self._file_of(target)
        # A link may lead out of the workspace, and a folder be closed.
        with suppress(WorkshopError, OSError):
            return name if name and self.workspace.path(name).is_file() else ""
        return ""

    def _file_of(self, target: str) -> str:
        block = self._defined.get(target)
        return "" if block is None else block.spec.seccomp

    def launch(self, block: ContainerBlock) -> Outcome:
        """Start a container, replacing one of its name, and open its console.

        Returns whether it went as the lesson says.
        """
        with self._lock:
            self._have_workspace()
            self._consoles.forget(block.name)
            self._defined[block.name] = block
            try:
                outcome = self._stage.launch(block)
            except NotThere as error:
                return Broken(str(error), block.span)
            self._examiner.launched(block.name, block.spec.seccomp)
            if isinstance(outcome, Passed) and block.starts:
                self.show(block.name)
            return outcome

    def remove(self, name: str) -> None:
        """Remove a container with its console."""
        with self._lock:
            try:
                self._consoles.drop(name)
            finally:
                self._examiner.changed()

    def check(self) -> None:
        """Have every check of the step that has not passed evaluated."""
        self._examiner.ask()

    def changed(self, files: Collection[str]) -> None:
        """Note that the learner has changed files of the workspace."""
        self._examiner.saved(files)

    def place(self, file: FileBlock) -> None:
        """Write a file of the solution.

        Raises:
            WorkshopError: the file cannot be written.
        """
        with self._lock:
            self._have_workspace()
            self._stage.place(file)

    def solve(self, *, end: bool = False) -> Outcome:
        """Do the rest of the current step visibly, and evaluate its checks.

        Returns the outcome that stopped it, or Passed.

        With `end`, programs in needed terminals are ended: interrupted, or else by a new shell.

        Raises:
            ShellBusyError: a needed terminal is busy.
            WorkshopError: the engine failed.
        """
        with self._lock:
            assert self._step is not None
            self._have_workspace()
            if end:
                self._player.free(self._step)
            outcome = self._player.solve(self._step)
            self._examiner.look()
            return outcome

    def reset_step(self, *, done: Collection[str]) -> None:
        """Begin the current step, whose files are in place, again: with fresh containers and shells."""
        with self._lock:
            assert self._step is not None
            # Before anything is closed: it may fail.
            self._files.bring_back(self._step, done=done)
            own = {block.name for block in self._step.containers}
            for name in (own | needed(self._step) | OWN_SHELLS) & (
                self._stage.running | self._stage.open_consoles
            ):
                self._consoles.drop(name)
            self.enter(self._step, passed=frozenset(), done=done)

    def reset_lab(self) -> Path:
        """Close everything and restore the workspace; returns the new place of the learner's earlier files."""
        with self._lock:
            for name in self._stage.running | self._stage.open_consoles:
                self._consoles.drop(name)
            return self.workspace.restore()

    def close(self) -> None:
        """End everything that was started for this session, including work in other threads."""
        with suppress(WorkshopError):
            self._stage.cancel()
        self._cleanup.close()

    def _saw(self, target: str, finished: CommandFinished) -> None:
        self._examiner.saw(target, finished)
        if target in OWN_SHELLS:
            self._by_hand.saw(finished)

    def _block(self, name: str) -> ContainerBlock | None:
        """The container of this step or an earlier one that has this name."""
        own = () if self._step is None else self._step.containers
        return next((block for block in own if block.name == name), self._defined.get(name))

    def _adopt(self, block: ContainerBlock) -> bool:
        """Take over a container that the learner has launched; False if the engine does not list it."""
        with self._lock:
            if block.name in self._stage.running:
                return True
            if not self._stage.adopt(block.name):
                return False
            self._stage.define(block)
            self._defined[block.name] = block
            self.show(block.name)
            self._examiner.changed()
            return True

    def _bring_back(self, name: str, step: Step, done: Collection[str]) -> None:
        """Launch a container of earlier steps, and type their commands there again."""
        with suppress(StartRefused, NotThere):
            self.show(name)
            if self._player.type_again(name, self._lab.before(step), solved=done):
                self._tell(CommandsTypedAgain(name))

    def _open_console(self, target: str, workspace: Workspace, container: Container | None) -> Console:
        return self._consoles.open(target, workspace, container)

    def _have_workspace(self) -> None:
        """Recreate the workspace if it was removed: with the lab's files so far, and a shell that is in it."""
        if self._files.restored(self._step):
            for target in OWN_SHELLS & self._stage.open_consoles:
                self._consoles.drop(target)
            self._tell(WorkspaceMade())
