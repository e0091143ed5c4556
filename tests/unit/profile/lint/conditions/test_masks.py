"""`runner.profile.lint.conditions.masks`: masks that are upside down."""

import pytest

from runner.profile.lint import LintTarget, lint, selection
from tests.unit.profile.lint.examples import allow, allow_list, arg, deny, deny_list, read


@pytest.mark.parametrize(
    ("value", "two", "rules"),
    [
        (0x10000000, 0, {"denied-without-flags"}),
        (0x7E020000, 0, {"denied-without-flags"}),
        (0x10000000, 0x10000000, set()),
        (0xFFFFFFFF, 0, set()),
        (0xFF, 0, set()),
        (0x1FF, 0xFFFFFFFF, {"bits-outside-mask"}),
        (0xFFFFFFFF, 0x1000001FF, {"bits-outside-mask"}),
        (0xFFFFFFFF, 0x1FF, set()),
    ],
)
def test_masks_that_are_upside_down(value, two, rules):
    profile = deny_list(deny("unshare", args=[arg(0, value, "MASKED_EQ", valueTwo=two)]))
    wanted = selection(["denied-without-flags", "bits-outside-mask"], [])
    assert {finding.rule for finding in lint(read(profile), LintTarget(), wanted)} == rules
    allowing = allow_list(allow("unshare", args=[arg(0, value, "MASKED_EQ", valueTwo=two)]))
    found = lint(read(allowing), LintTarget(), selection(["denied-without-flags"], []))
    assert not found


@pytest.mark.parametrize(
    ("operator", "two", "severity"),
    [("EQ", 5, "medium"), ("GE", 1, "info"), ("NE", 0, None), ("MASKED_EQ", 5, None)],
)
def test_a_second_value_counts_for_a_mask_alone(operator, two, severity):
    profile = deny_list(deny("kill", args=[arg(0, 1, operator, valueTwo=two)]))
    found = lint(read(profile), LintTarget(), selection(["unused-value-two"], []))
    assert [finding.severity for finding in found] == ([severity] if severity else [])
    assert all(finding.at.path == "syscalls[0].args[0].valueTwo" for finding in found)
