"""Regular expressions that a lab can use, and those that no text may be compared with."""

import pytest

from runner.lab.read.blocks.regex import regex_problem
from tests.unit.lab.lint.test_workshops import DOING, check


@pytest.mark.parametrize(
    "pattern",
    [
        "^(a+)+$",
        r"(\w+\s?)*x",
        "(a|a)*b",
        "(a|b|ab)*c",
        r"(<[^>]*>?)*y",
        "(.*,){11}P",
        "(a{1,20}){1,20}b",
    ],
)
def test_an_expression_that_takes_for_ever_cannot_be_used(pattern):
    assert "takes too long" in regex_problem(pattern)
    assert "takes too long" in regex_problem(pattern, whole=True)


@pytest.mark.parametrize(
    "pattern",
    [r"^(\w+ )+x", r"(?:[a-z]+-)+x", "(?i)(not permitted|denied)+", r"(\d+\.)*", "(?:chmod|fchmod)* x"],
)
def test_a_repeated_group_is_no_fault(pattern):
    assert regex_problem(pattern) == regex_problem(pattern, whole=True) == ""


def test_a_line_is_compared_as_a_whole():
    """To search, the same expression is done at once."""
    assert regex_problem("(a+)+") == ""
    assert "takes too long" in regex_problem("(a+)+", whole=True)


@pytest.mark.parametrize("pattern", ["(", "(.+)+@"], ids=["no expression", "slow"])
@pytest.mark.parametrize("key", ["expect", "reject"])
def test_lint_tries_no_expression_that_cannot_be_used(folder, pattern, key):
    """It compares what is expected with what a shell says of a missing program, and docker of a container."""
    text = check(probe="{transcript: {command: docker}}")
    expected = "" if key == "expect" else "expect: {exit: nonzero}\n"
    text = text.replace("expect: {exit: 0}", f'{expected}{key}: {{output: "{pattern}"}}')
    folder.step(DOING + text)
    assert "bad-regex" in [problem.split()[1] for problem in folder.lint()]


def test_a_line_of_a_transcript_that_takes_for_ever_is_reported(folder):
    folder.step("```console\n$ id\n(\\w+\\s?)*x (re)\n```\n")
    assert folder.lint() == ["lab.md:12 bad-regex"]
