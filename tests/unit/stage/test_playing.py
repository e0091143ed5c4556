"""A lab's commands are judged by what it shows, and a broken stage is told from a failed command."""

from pathlib import Path

import pytest

from runner.check.context import NotThere
from runner.check.outcome import Broken, Errored, Failed, Passed
from runner.errors import EngineError
from runner.lab.model.span import Span
from runner.lab.model.transcript import Command, Line, Match, Status
from runner.lab.model.workshop import ConsoleBlock
from runner.shell.errors import CommandTimeout, ConsoleClosed, ConsoleLost, IncompleteCommand
from runner.shell.recorder import CommandFinished
from runner.stage.playing import play

AT = Span(Path("lab.md"), 1, 1)


class Stage:
    """One whose console does the same with each command."""

    def __init__(self, does):
        self.does = does
        self.typed = []

    def type(self, target, text, _timeout):
        self.typed.append((target, text))
        if isinstance(self.does, Exception):
            raise self.does
        return CommandFinished(text, self.does, 0, 0.0, 0.0)


def block(*texts: str) -> ConsoleBlock:
    shown = (Line("hello", Match.EQUAL, 1, 1, AT),)
    return ConsoleBlock("box", tuple(Command(text, shown, Status(), AT) for text in texts), 5.0, AT)


def outcomes(stage, *texts):
    return [outcome for _, outcome in play(stage, block(*texts))]


def test_each_command_is_typed_as_long_as_they_do_what_is_shown():
    stage = Stage("hello\n")
    assert [type(one) for one in outcomes(stage, "a", "b")] == [Passed, Passed]
    assert stage.typed == [("box", "a"), ("box", "b")]


def test_none_is_typed_after_one_that_fails():
    stage = Stage("good bye\n")
    (failed,) = outcomes(stage, "a", "b")
    assert isinstance(failed, Failed)
    assert stage.typed == [("box", "a")]


@pytest.mark.parametrize(
    ("does", "kind", "said"),
    [
        (CommandTimeout("too slow", output="hel"), Failed, "too slow"),
        (IncompleteCommand("a quote is open", output=""), Failed, "a quote is open"),
        (ConsoleClosed("the shell has ended", output=""), Broken, "box is gone: the shell has ended"),
        (ConsoleLost("no answer", output=""), Broken, "no answer"),
        (NotThere("it was not launched"), Broken, "'box' cannot start: it was not launched"),
        (EngineError("it is gone"), Errored, "it is gone"),
        (
            "docker: transport: Error while dialing: connection refused: unavailable",
            Errored,
            "the engine broke under 'a'",
        ),
    ],
)
def test_the_reason_why_a_command_did_not_end_is_told(does, kind, said):
    (outcome,) = outcomes(Stage(does), "a", "b")
    assert type(outcome) is kind
    assert said in (outcome.actual if isinstance(outcome, Failed) else outcome.reason)


def test_what_a_command_that_was_too_slow_has_printed_is_kept():
    (failed,) = outcomes(Stage(CommandTimeout("too slow", output="hel")), "a")
    assert failed.transcript == "hel"
