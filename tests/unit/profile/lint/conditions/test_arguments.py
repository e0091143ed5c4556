"""`runner.profile.lint.conditions.arguments`: conditions on arguments that calls do not have."""

import pytest

from runner.profile.finding import Severity
from runner.profile.lint import LintTarget, lint, selection
from tests.unit.profile.lint.examples import X86, allow, allow_list, arg, deny, deny_list, read


def findings(profile, **target):
    return lint(read(profile), LintTarget(**target), selection(["no-such-argument"], []))


@pytest.mark.parametrize(
    ("call", "count"),
    [("getpid", 0), ("close", 1), ("socketcall", 2), ("fcntl", 3), ("open", 3), ("prctl", 5), ("clone", 5)],
)
def test_the_last_argument_of_a_call_is_its_last(call: str, count: int) -> None:
    assert not [each for index in range(count) for each in findings(deny_list(deny(call, args=[arg(index)])))]
    (found,) = findings(deny_list(deny(call, args=[arg(count)])))
    assert found.severity is Severity.HIGH
    assert found.message == f"there is no argument {count} in {call}: this tests what is left in a register"


def test_the_finding_is_at_the_condition_and_names_the_calls_that_lack_it() -> None:
    profile = allow_list(allow("dup3", "dup", "getppid", args=[arg(0), arg(2)]))
    first, second = findings(profile)
    assert (first.at.path, second.at.path) == ("syscalls[1].args[0]", "syscalls[1].args[1]")
    assert "in getppid:" in first.message
    assert "in dup, getppid:" in second.message


@pytest.mark.parametrize(
    ("machine", "message", "severity"),
    [
        ("s390x", "there is no argument 2 in mmap: this", Severity.HIGH),
        ("amd64", "on 386, there is no argument 2 in mmap: this", Severity.MEDIUM),
        ("arm64", "", None),
    ],
)
def test_a_call_may_lack_an_argument_on_one_machine_alone(machine, message, severity) -> None:
    found = findings(deny_list(deny("mmap", args=[arg(2, 4)])), arch=machine)
    assert [each.severity for each in found] == ([severity] if severity else [])
    assert all(each.message.startswith(message) for each in found)


def test_a_machine_that_lacks_the_call_does_not_count() -> None:
    """Only programs of 386 have mmap2, with six arguments."""
    assert not findings(deny_list(deny("mmap2", args=[arg(5, 4)])))


def test_a_rule_for_other_machines_is_not_judged_here() -> None:
    rule = deny("mmap", args=[arg(2, 4)], includes={"arches": ["s390x"]})
    profile = {"defaultAction": "SCMP_ACT_ALLOW", "archMap": X86[:0], "syscalls": [rule]}
    assert not findings(profile)
    assert findings(profile, arch="s390x")


def test_of_calls_whose_arguments_are_not_known_nothing_is_said() -> None:
    assert not findings(deny_list(deny("afs_syscall", "nocall", args=[arg(5)])))
