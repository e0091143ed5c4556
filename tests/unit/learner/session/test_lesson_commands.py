"""`runner.learner.session.lesson_commands`: which command of the lesson a typed one is."""

from pathlib import Path

import pytest

from runner.check.outcome import Failed, Passed
from runner.lab.model.span import Span
from runner.lab.model.transcript import Command, Status
from runner.lab.model.workshop import ConsoleBlock, SolveBlock, Step
from runner.learner.session.lesson_commands import command_of, text_commands
from runner.shell.recorder import CommandFinished

AT = Span(Path("lab.md"), 1, 1)


def command(text: str, line: int) -> Command:
    return Command(text, (), Status(), Span(Path("lab.md"), line, line))


def finished(text: str, status: int = 0) -> CommandFinished:
    return CommandFinished(text, "", status, 0.0, 0.0)


FIRST, SECOND, AGAIN, SOLUTION = map(command, ("mkdir a", "ls", "mkdir a", "rm a"), range(1, 5))
SHOWN = ConsoleBlock("box", (FIRST, SECOND, AGAIN), 10, AT)
STEP = Step("s", "S", (SHOWN, SolveBlock(ConsoleBlock("box", (SOLUTION,), 10, AT), AT)), AT)


def test_the_solution_is_no_command_of_the_text() -> None:
    assert text_commands(STEP) == [FIRST, SECOND, AGAIN]


@pytest.mark.parametrize(("typed", "meant"), [("ls", SECOND), ("  mkdir   a", FIRST), ("rm a", SOLUTION)])
def test_it_is_found_by_its_text_whatever_the_spaces(typed: str, meant: Command) -> None:
    found, outcome = command_of(STEP, "box", finished(typed), done=())
    assert found is meant
    assert isinstance(outcome, Passed)


def test_of_two_alike_the_one_that_is_not_done_comes_first() -> None:
    assert command_of(STEP, "box", finished("mkdir a"), done={FIRST})[0] is AGAIN


def test_another_status_is_told() -> None:
    found, outcome = command_of(STEP, "box", finished("ls", 2), done=())
    assert found is SECOND
    assert isinstance(outcome, Failed)


@pytest.mark.parametrize("line", ["cd /tmp && ls", "ls; echo done"])
def test_among_others_in_a_line_it_is_found_too(line: str) -> None:
    assert command_of(STEP, "box", finished(line), done=())[0] is SECOND


def test_another_console_another_command_or_no_step_is_none() -> None:
    nothing = (None, None)
    assert command_of(STEP, "host", finished("ls"), done=()) == nothing
    assert command_of(STEP, "box", finished("pwd"), done=()) == nothing
    assert command_of(None, "box", finished("ls"), done=()) == nothing
