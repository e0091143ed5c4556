"""Recognises a lesson's commands among those that a learner has typed."""

from collections.abc import Collection, Sequence

from runner.check.outcome import Failed, Outcome, Passed
from runner.check.shell_line import Part, parts
from runner.check.transcript import compare
from runner.lab.model.transcript import Command
from runner.lab.model.workshop import ConsoleBlock, Step
from runner.language import tr
from runner.shell.recorder import CommandFinished


def text_commands(step: Step) -> list[Command]:
    """The commands that a step's text has the learner type; the solution's are theirs to find."""
    shown = (action.block for action in step.actions if not action.solves)
    return [command for block in shown if isinstance(block, ConsoleBlock) for command in block.commands]


def command_of(
    step: Step | None, target: str, finished: CommandFinished, *, done: Collection[Command]
) -> tuple[Command, Outcome] | tuple[None, None]:
    """The step's command that a finished one was, alone or among others in its line, and its outcome.

    `target` is its console. Of commands with the same text, those that are `done` come last.
    """
    consoles = () if step is None else step.consoles
    commands = [command for console in consoles if console.target == target for command in console.commands]
    if same := _alike(commands, finished.command):
        outcomes = [(command, compare(command, finished.output, finished.status)) for command in same]
        return _whose_turn(outcomes, done)
    for part in parts(finished.command, finished.status, finished.output, finished.pipeline):
        if same := _alike(commands, part.text):
            return _whose_turn([(command, _among_others(command, part)) for command in same], done)
    return None, None


def _alike(commands: Sequence[Command], typed: str) -> list[Command]:
    """The commands with the typed text, whatever its spaces."""
    return [command for command in commands if _squeezed(command.text) == _squeezed(typed)]


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _whose_turn(
    same: Sequence[tuple[Command, Outcome]], done: Collection[Command]
) -> tuple[Command, Outcome]:
    """Of commands with the same text, the first that fits the outcome and was not done yet."""
    return min(same, key=lambda one: (not isinstance(one[1], Passed), one[0] in done))


def _among_others(command: Command, part: Part) -> Outcome:
    """The outcome of a command whose output is mixed with that of others in its line."""
    if part.status is None or command.status.accepts(part.status):
        return Passed(tr("typed together with something else"))
    expected, actual = (tr("exit status {status}", status=status) for status in (command.status, part.status))
    return Failed(expected, actual, command.span)
