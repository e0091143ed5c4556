"""The consoles of a learner's session."""

import shlex
from collections.abc import Callable, Mapping

from runner.check.docker_run import DockerRun, docker_run
from runner.engine.api import Container
from runner.lab.model.workshop import OWN_SHELLS
from runner.learner.session.busy import ShellBusyError, foreground_program
from runner.learner.session.events import ConsoleDropped, ConsoleOpened
from runner.learner.session.tap import Tap
from runner.pace import MACHINE
from runner.shell.console import Console, ConsoleError
from runner.shell.line import KILL_LINE
from runner.shell.prompt_state import Prompt
from runner.shell.pty import HostStream
from runner.shell.recorder import CommandFinished
from runner.stage.stage import Stage
from runner.stage.workspace import Workspace

PROMPT_TIMEOUT = 10.0
"""Seconds that a shell may take to its prompt before a command is typed for the learner."""
BUSY_TIMEOUT = 3.0
"""Seconds after which a shell that had been at its prompt before counts as busy."""


class Consoles:
    """Opens a stage's consoles for a learner to type into, announces them, and knows the state of their shells.

    All methods but `prompt`, `wait_for_prompt` and `run_by_hand` require the session's lock.
    """

    def __init__(
        self,
        stage: Stage,
        environment: Mapping[str, str],
        *,
        tell: Callable[[ConsoleOpened | ConsoleDropped], None],
        began: Callable[[str], None],
        saw: Callable[[str, CommandFinished], None],
    ) -> None:
        """`environment` is the host shell's; `began` and `saw` are told of the commands in a console.

        `began` is called when one has started there, and `saw` with each that finishes.
        """
        self._stage = stage
        self._environment = environment
        self._tell = tell
        self._began = began
        self._saw = saw
        self._open: dict[str, tuple[Console, Tap]] = {}
        self._shells: dict[str, HostStream] = {}

    def open(self, target: str, workspace: Workspace, container: Container | None) -> Console:
        """Open a console whose output is kept until it is shown: the stage's `open_console`."""
        tap = Tap()
        if container is not None:
            stream = container.attach()
        else:
            stream = shell = HostStream(environment=self._environment, directory=workspace.root)
            self._shells[target] = shell
        console = Console.open(stream, interactive=True, columns=80, rows=24, subscribers=[tap.feed])
        self._open[target] = console, tap
        return console

    def show(self, target: str) -> None:
        """Open a console, launching its container if it does not run; a console that has ended is reopened."""
        if self.prompt(target) is Prompt.ENDED and target in self._open:
            # A screen that shows the ended one replaces it, and keeps the keys typed meanwhile.
            del self._open[target]
            self._stage.drop(target)
        if target not in self._stage.open_consoles:
            console = self._stage.console(target)
            console.subscribe(lambda finished: self._saw(target, finished))
            console.subscribe_to_starts(lambda: self._began(target))
            self._tell(ConsoleOpened(target, console, self._open[target][1]))

    def prompt(self, target: str) -> Prompt:
        """The state of a console's shell; ENDED if there is none."""
        console = self._console(target)
        return Prompt.ENDED if console is None else console.prompt

    def wait_for_prompt(self, target: str, timeout: float = PROMPT_TIMEOUT) -> bool:
        """Wait up to `timeout` seconds for the shell of an open console to wait for a line; True if it does.

        A shell that has never prompted is not busy: it gets `PROMPT_TIMEOUT` at least.
        """
        console = self._console(target)
        if console is None:
            return False
        limit = timeout if console.prompted else max(timeout, PROMPT_TIMEOUT)
        return console.wait_for_prompt(MACHINE.stretched(limit))

    def clear_line(self, target: str) -> None:
        """Bring a shell to an empty line.

        Raises:
            ShellBusyError: a program occupies its terminal, or it waits for the rest of a command.
        """
        self.show(target)
        console = self._open[target][0]
        # The rest of an unfinished command is for the learner to type, or not.
        waits = self.prompt(target) is not Prompt.UNFINISHED and self.run_by_hand(target) is None
        if not (waits and self.wait_for_prompt(target, BUSY_TIMEOUT)):
            raise self.occupied(target) or ShellBusyError(target, "")
        if console.prompt is Prompt.TYPING:
            console.write(KILL_LINE)

    def occupied(self, target: str) -> ShellBusyError | None:
        """The reason why a shell takes no command; None if it takes one, or has ended."""
        match self.prompt(target):
            case Prompt.READY | Prompt.TYPING if self.run_by_hand(target) is not None:
                # The prompt is that of a shell in the container.
                return ShellBusyError(target, "docker")
            case Prompt.BUSY:
                return ShellBusyError(target, self._program(target))
            case Prompt.UNFINISHED:
                return ShellBusyError(target, "", unfinished=True)
        return None

    def run_by_hand(self, target: str) -> DockerRun | None:
        """The `docker run` in the foreground of a shell of the learner's, if there is one. Does not wait."""
        shell = self._shells.get(target)
        return None if shell is None else docker_run(shlex.join(shell.foreground_command))

    def free(self, target: str) -> None:
        """Interrupt the program in a shell; if that does not help, close the console, to be reopened."""
        console = self._stage.console(target)
        if console.prompt.takes_command and self.run_by_hand(target) is not None:
            # An interrupt would be for the shell in the container.
            self.drop(target)
            return
        try:
            console.interrupt()
        except ConsoleError:
            self.drop(target)

    def drop(self, target: str) -> None:
        """Close a console, and remove its container."""
        try:
            self._stage.drop(target)
        finally:
            self.forget(target)

    def forget(self, target: str) -> None:
        """Announce the end of a console that the stage closes itself."""
        if self._open.pop(target, None) is not None:
            self._tell(ConsoleDropped(target))

    def _console(self, target: str) -> Console | None:
        # At once: another thread may forget it meanwhile.
        console, _ = self._open.get(target, (None, None))
        return console

    def _program(self, target: str) -> str:
        if target in OWN_SHELLS:
            shell = self._shells.get(target)
            return "" if shell is None else shell.foreground_program
        container = self._stage.probe_context.containers.get(target)
        return "" if container is None else foreground_program(container)
