"""`runner.profile.lint.names.unknown`: names in rules that are no system calls."""

import pytest

from runner.profile.finding import Severity
from runner.profile.lint import LintTarget, lint, selection
from runner.profile.version import Version
from tests.unit.profile.lint.examples import allow, allow_list, deny, deny_list, read


def test_a_slip_in_a_deny_list_is_worse_than_in_an_allow_list():
    wanted = selection(["unknown-name"], [])
    (denied,) = lint(read(deny_list(deny("chmodd"))), LintTarget(), wanted)
    (allowed,) = lint(read(allow_list(allow("chmodd"))), LintTarget(), wanted)
    assert (denied.severity, allowed.severity) == (Severity.HIGH, Severity.MEDIUM)
    assert "did you mean chmod?" in denied.message


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("read,write", "write each call as a string of its own"),
        ("read write", "write each call as a string of its own"),
        ("*", "there are no wildcards"),
        ("mount*", "there are no wildcards"),
        ("@system-service", "`systemd-analyze syscall-filter @system-service` lists the calls"),
        ("59", "did you mean execve?"),
        ("pread", "did you mean pread64?"),
        ("popen", "no effect for it; the C library's function of that name makes clone clone3 fork vfork"),
    ],
)
def test_what_stands_for_several_calls_or_a_number_is_told_what_to_write(name: str, said: str) -> None:
    (found,) = lint(read(allow_list(allow(name))), LintTarget(arch="amd64"), selection(["unknown-name"], []))
    assert said in found.message


@pytest.mark.parametrize(
    ("library", "severities"), [("2.3.2", ["high", "medium"]), ("2.3.3", []), ("2.6", []), (None, [])]
)
def test_a_name_that_the_library_does_not_know_yet_is_left_out(
    library: str | None, severities: list[str]
) -> None:
    target = LintTarget(library=Version.of(library) if library else None)
    wanted = selection(["unknown-name"], [])
    found = [
        each
        for profile in (deny_list(deny("statx")), {**allow_list(), "syscalls": [allow("statx")]})
        for each in lint(read(profile), target, wanted)
        if "statx" in each.message
    ]
    assert [each.severity for each in found] == severities
    assert all(
        "libseccomp 2.3.2 does not know statx, which 2.3.3 is the first to know" in each.message
        for each in found
    )
