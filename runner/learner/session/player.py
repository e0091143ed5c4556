"""Plays a lesson's commands and the files of its solutions where the learner sees them."""

from collections.abc import Callable, Collection, Iterable
from contextlib import suppress

from runner.check.outcome import Outcome, Passed
from runner.lab.model.workshop import Action, ConsoleBlock, ContainerBlock, FileBlock, Step
from runner.learner.session.busy import ShellBusyError
from runner.learner.session.consoles import Consoles
from runner.learner.session.events import ConsoleUsed, SessionEvent
from runner.learner.session.examiner import Examiner
from runner.pace import MACHINE
from runner.shell.console import ConsoleError
from runner.stage.playing import play
from runner.stage.stage import Stage


class Player:
    """Performs the actions of steps on a stage; `launch` starts a container as the session does. Calls may wait."""

    def __init__(
        self,
        stage: Stage,
        consoles: Consoles,
        examiner: Examiner,
        *,
        launch: Callable[[ContainerBlock], Outcome],
        tell: Callable[[SessionEvent], None],
    ) -> None:
        self._stage = stage
        self._consoles = consoles
        self._examiner = examiner
        self._launch = launch
        self._tell = tell

    def solve(self, step: Step) -> Outcome:
        """Do the rest of `step`; returns the outcome that stopped it, or Passed.

        Raises:
            ShellBusyError: a needed terminal is busy.
            WorkshopError: the engine failed.
        """
        for action in step.actions:
            outcome = self._do(action)
            if not isinstance(outcome, Passed):
                return outcome
        return Passed("solved")

    def type_again(self, target: str, steps: Iterable[Step], solved: Collection[str]) -> bool:
        """Repeat in a console the commands of `steps`, and the solutions of those whose ids are in `solved`.

        False if there are none.
        """
        any_typed = False
        for step in steps:
            for block, solves in step.actions:
                wanted = not solves or step.id in solved
                if wanted and isinstance(block, ConsoleBlock) and block.target == target:
                    any_typed = True
                    self._retype(block)
        return any_typed

    def free(self, step: Step) -> None:
        """Bring the shells that the step uses to their prompts, whatever runs there."""
        for target in {console.target for console in step.consoles}:
            if target not in self._stage.open_consoles:
                continue
            try:
                self._consoles.clear_line(target)
            except ShellBusyError:
                self._consoles.free(target)

    def _do(self, action: Action) -> Outcome:
        match action.block:
            case ContainerBlock() as container if container.name not in self._stage.running:
                return self._launch(container)
            case FileBlock() as file if action.solves:
                self._stage.place(file)
            case ConsoleBlock() as console:
                done = set() if action.solves else self._examiner.done
                if set(console.commands) <= done:
                    return Passed()
                self._consoles.show(console.target)
                self._tell(ConsoleUsed(console.target))
                self._consoles.clear_line(console.target)
                for _, outcome in play(self._stage, console):
                    if not isinstance(outcome, Passed):
                        return outcome
        return Passed()

    def _retype(self, block: ConsoleBlock) -> None:
        with suppress(ConsoleError):
            for command in block.commands:
                self._consoles.clear_line(block.target)
                self._stage.type(block.target, command.text, MACHINE.stretched(block.timeout))
