"""Typing the commands of a lab on its stage, and judging each by what the lab shows."""

from collections.abc import Iterator

from runner.check.context import NotThere
from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed
from runner.check.transcript import compare
from runner.engine.api import StartRefused
from runner.engine.breakdown import tells_of_breakdown
from runner.errors import EngineError
from runner.lab.model.transcript import Command
from runner.lab.model.workshop import ConsoleBlock, console_name
from runner.language import tr
from runner.pace import MACHINE
from runner.shell.console import CommandTimeout, ConsoleClosed, ConsoleLost, IncompleteCommand
from runner.stage.stage import Stage


def play(stage: Stage, block: ConsoleBlock) -> Iterator[tuple[Command, Outcome]]:
    """Type each command of `block` and compare its outcome, up to the first that does not pass."""
    for command in block.commands:
        outcome = _played(stage, block, command)
        yield command, outcome
        if not isinstance(outcome, Passed):
            return


def _played(stage: Stage, block: ConsoleBlock, command: Command) -> Outcome:
    limit = MACHINE.stretched(block.timeout)
    try:
        finished = stage.type(block.target, command.text, limit)
    except CommandTimeout as error:
        return Failed(
            expected=tr("{command!r} ends within {limit:g} s", command=command.text, limit=limit),
            actual=str(error),
            at=command.span,
            transcript=error.output,
        )
    except IncompleteCommand as error:
        return Failed(
            expected=tr("{command!r} is a whole command", command=command.text),
            actual=str(error),
            at=command.span,
        )
    except (ConsoleClosed, ConsoleLost) as error:
        why = tr("{console_name} is gone: {error}", console_name=console_name(block.target), error=error)
        return Broken(why, command.span)
    except (StartRefused, NotThere) as refusal:
        why = tr("the container {name!r} cannot start: {refusal}", name=block.target, refusal=refusal)
        return Broken(why, command.span)
    except EngineError as error:
        return Errored(str(error), command.span)
    outcome = compare(command, finished.output, finished.status)
    if isinstance(outcome, Failed) and tells_of_breakdown(finished.output):
        why = tr(
            "the engine broke under {command!r}: {output}",
            command=command.text,
            output=finished.output.strip(),
        )
        return Errored(why, command.span)
    return outcome
