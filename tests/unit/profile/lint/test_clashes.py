"""Rules that others overrule."""

import pytest

from runner.profile.lint import LintTarget, lint, selection
from tests.unit.profile.lint.examples import allow, allow_list, arg, deny, deny_list, read


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        (allow_list(allow("chmod"), deny("chmod")), "chmod is denied here, but line"),
        (allow_list(allow("chmod", args=[arg(1)]), deny("chmod", args=[arg(1)])), "under its conditions"),
        (allow_list(allow("chmod", args=[arg(1)]), deny("chmod", args=[arg(1, 2)])), ""),
        (allow_list(allow("chmod", args=[arg(1)]), deny("chmod")), ""),
        (deny_list(deny("mseal"), allow("mseal")), "mseal is allowed here, but line"),
        (deny_list(deny("mseal"), deny("mseal", errnoRet=38)), "never decided here"),
        (deny_list(deny("mseal"), deny("mseal")), ""),
    ],
)
def test_a_rule_that_another_one_overrules_is_reported(profile, expected):
    found = lint(read(profile), LintTarget(), selection(["shadowed-rule"], []))
    assert [expected in finding.message for finding in found] == ([True] if expected else [])
