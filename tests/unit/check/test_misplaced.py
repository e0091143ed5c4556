"""Commands in the wrong console: those that would do in the right one, or are not to be had in theirs."""

from dataclasses import replace

import pytest

from runner.check.misplaced import misplaced
from runner.check.observation import Observation
from runner.check.outcome import Broken, Errored, Failed, Passed, Skipped
from runner.lab.model.check import TranscriptProbe
from runner.lab.model.span import Span
from runner.lab.model.workshop import HOST
from tests.unit.check.test_observation import CHECK

AT = Span("lab.md", 7, 1)


def asked_in(target: str):
    return replace(CHECK, describe="Somebody said hello", probe=TranscriptProbe(target, "^echo"))


def missing(status: int = 127) -> Failed:
    """A failure of a command that ended with this status."""
    observed = Observation(exit=status, output="sh: docker: not found")
    return Failed("exit 0", "exit 127", AT, observed=observed)


@pytest.mark.parametrize(
    ("target", "console", "hint"),
    [
        (
            "box",
            HOST,
            "That is the command, but you typed it in your shell. This check is about box: type it there.",
        ),
        (
            HOST,
            "box",
            "That is the command, but you typed it in box. This check is about your shell: type it there.",
        ),
    ],
)
def test_what_passes_elsewhere_fails_here_and_says_where_to_type_it(target, console, hint):
    check = asked_in(target)
    found = misplaced(check, console, Passed("exit 0, hello"))
    assert found == Failed("Somebody said hello", "exit 0, hello", check.span, hint=hint)


def test_a_program_of_the_learners_machine_that_a_container_lacks_belongs_there():
    check = asked_in(HOST)
    outcome = missing()
    assert misplaced(check, "box", outcome) == Failed(
        "Somebody said hello",
        str(outcome.observed),
        check.span,
        "sh: docker: not found",
        "You typed that in box, which has no such program. This check is about your shell: type it there.",
    )


@pytest.mark.parametrize(
    ("target", "console", "outcome"),
    [
        pytest.param("box", HOST, missing(), id="a container's program that the machine lacks"),
        pytest.param(HOST, "box", missing(1), id="a program that is there and failed"),
        pytest.param(HOST, "box", missing(126), id="a program that may not be run"),
        pytest.param(HOST, "box", Failed("a", "b", AT), id="nothing observed"),
        pytest.param(HOST, "box", Errored("no engine", AT), id="an error"),
        pytest.param(HOST, "box", Broken("it is gone", AT), id="a broken environment"),
        pytest.param(HOST, "box", Skipped("not now"), id="skipped"),
    ],
)
def test_any_other_outcome_has_another_reason(target, console, outcome):
    assert misplaced(asked_in(target), console, outcome) is None
