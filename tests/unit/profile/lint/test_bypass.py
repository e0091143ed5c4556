"""Rules that others overrule, and calls that do what a denied one does."""

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


@pytest.mark.parametrize(
    ("denied", "left"),
    [
        ("mmap", "mprotect pkey_mprotect"),
        ("accept", "accept4"),
        ("setrlimit", "prlimit64"),
        ("sendto", "sendmsg"),
    ],
)
def test_more_calls_that_can_do_the_same(denied: str, left: str) -> None:
    args = [arg(2, 4, "MASKED_EQ", valueTwo=4)] if denied == "mmap" else []
    (found,) = lint(read(deny_list(deny(denied, args=args))), LintTarget(), selection(["ways-around"], []))
    assert f"but {left}" in found.message
