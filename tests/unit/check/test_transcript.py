"""The output and exit statuses that a transcript accepts."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.check.outcome import Failed, Passed
from runner.check.transcript import compare
from runner.lab.model.span import Span
from runner.lab.model.transcript import Command, Line, Match, Status

AT = Span(Path("lab.md"), 10, 20)


def line(text, match=Match.EQUAL, least=1, most=1, number=11):
    return Line(text, match, least, most, Span(Path("lab.md"), number, number))


def command(*lines, status=None):
    return Command("cmd", lines, status or Status(), AT)


@pytest.mark.parametrize(
    ("expected", "output"),
    [
        ([line("hello")], "hello\n"),
        ([line("hello")], "hello   \n\n"),
        ([], ""),
        ([line("h*o", Match.GLOB)], "hello"),
        ([line("[a-z]+", Match.REGEX)], "hello"),
        ([line("*", Match.GLOB, 0, None)], ""),
        ([line("*", Match.GLOB, 0, None), line("end")], "a\nb\nend\nend"),
        ([line("x", least=0, most=1), line("y")], "y"),
        ([line("x", least=1, most=None)], "x\nx\nx"),
        ([line("a.c", Match.EQUAL)], "a.c"),
        ([line("a\u2028b\fc\x85d")], "a\u2028b\fc\x85d\r\n"),
    ],
)
def test_output_that_is_accepted(expected, output):
    assert isinstance(compare(command(*expected), output, 0), Passed)


@pytest.mark.parametrize(
    ("expected", "output"),
    [
        ([line("hello")], "hallo"),
        ([line("hello")], ""),
        ([], "unexpected"),
        ([line("ell", Match.REGEX)], "hello"),
        ([line("ell", Match.GLOB)], "hello"),
        ([line("x", least=1, most=None)], ""),
        ([line("x", least=0, most=1)], "x\nx"),
        ([line("a.c", Match.EQUAL)], "abc"),
    ],
)
def test_output_that_is_refused(expected, output):
    assert isinstance(compare(command(*expected), output, 0), Failed)


def test_the_first_differing_line_is_marked_and_the_expected_line_is_named():
    outcome = compare(command(line("one"), line("two", number=12), line("three")), "one\n2\nthree\n", 0)
    assert isinstance(outcome, Failed)
    assert outcome.at.line == 12
    assert outcome.expected == "the line 'two'"
    assert outcome.actual == "'2'"
    assert [row for row in outcome.transcript.splitlines() if row.startswith(">")] == ["> 2"]


def test_missing_output_is_reported():
    outcome = compare(command(line("one"), line("two", number=12)), "one\n", 0)
    assert isinstance(outcome, Failed)
    assert outcome.at.line == 12
    assert "the end of the output" in outcome.actual
    assert outcome.transcript.splitlines()[-1] == "> (no more output)"


def test_right_output_with_another_status_fails_on_the_status():
    outcome = compare(command(line("one"), status=Status((1,))), "one", 0)
    assert isinstance(outcome, Failed)
    assert (outcome.expected, outcome.actual) == ("exit status 1", "exit status 0")


@pytest.mark.parametrize(
    ("status", "accepted", "refused"),
    [
        (Status(), [0], [1]),
        (Status((125, 127)), [125, 127], [126, 0]),
        (Status((0,), negated=True), [1, 2], [0]),
    ],
)
def test_statuses(status, accepted, refused):
    assert all(isinstance(compare(command(status=status), "", code), Passed) for code in accepted)
    assert all(isinstance(compare(command(status=status), "", code), Failed) for code in refused)


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), max_size=8), st.data())
def test_output_matches_itself_and_no_output_with_a_line_changed(lines, data):
    expected = [line(text) for text in lines]
    assert isinstance(compare(command(*expected), "\n".join(lines), 0), Passed)
    if lines:
        changed = list(lines)
        at = data.draw(st.integers(0, len(lines) - 1))
        changed[at] += "!"
        outcome = compare(command(*expected), "\n".join(changed), 0)
        assert isinstance(outcome, Failed)
        assert outcome.actual == repr(changed[at])


def test_a_flood_of_output_is_compared_in_time_proportional_to_it():
    """Two open-ended lines would make a backtracking matcher quadratic: 200,000 lines would take minutes."""
    expected = [line("*", Match.GLOB, 0, None), line("*", Match.GLOB, 0, None), line("end")]
    outcome = compare(command(*expected), "y\n" * 200_000 + "no", 0)
    assert isinstance(outcome, Failed)
    assert len(outcome.transcript.splitlines()) < 100
