"""`runner.profile.lint.conditions.constant`: conditions that hold for every argument, or for none."""

import pytest

from runner.profile.finding import Severity
from runner.profile.lint import LintTarget, lint, selection
from tests.unit.profile.lint.examples import allow, allow_list, arg, deny, deny_list, read

LARGEST = 2**64 - 1


def findings(profile):
    return lint(read(profile), LintTarget(), selection(["constant-condition"], []))


@pytest.mark.parametrize(
    ("operator", "value", "holds"),
    [
        ("GE", 0, True),
        ("LE", LARGEST, True),
        ("MASKED_EQ", 0, True),
        ("LT", 0, False),
        ("GT", LARGEST, False),
    ],
)
def test_the_worse_one_lets_more_pass_than_it_says(operator, value, holds):
    condition = [arg(0, value, operator)]
    (allowing,) = findings(allow_list(allow("kill", args=condition)))
    (denying,) = findings(deny_list(deny("kill", args=condition)))
    worse, better = (allowing, denying) if holds else (denying, allowing)
    assert (worse.severity, better.severity) == (Severity.HIGH, Severity.MEDIUM)
    assert ("whatever argument 0 is" in allowing.message) == holds


@pytest.mark.parametrize(
    ("operator", "value"),
    [("GE", 1), ("LE", LARGEST - 1), ("MASKED_EQ", 1), ("LT", 1), ("GT", 0), ("EQ", 0), ("NE", LARGEST)],
)
def test_the_nearest_ones_decide_something(operator, value):
    assert not findings(deny_list(deny("kill", args=[arg(0, value, operator)])))


def test_a_mask_of_0_is_said_once():
    profile = deny_list(deny("kill", args=[arg(0, 0, "MASKED_EQ", valueTwo=9)]))
    (finding,) = lint(read(profile), LintTarget(), selection(["constant-condition", "bits-outside-mask"], []))
    assert finding.message == "the mask, which is value, is 0, so this holds whatever argument 0 is"
