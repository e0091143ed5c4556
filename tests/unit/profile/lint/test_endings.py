"""Profiles under which programs or threads cannot end as they should."""

import pytest

from runner.profile.finding import Severity
from runner.profile.lint import LintTarget, lint, selection
from tests.unit.profile.lint.examples import KILL, allow, allow_list, deny, deny_list, read

PROCESS = "SCMP_ACT_KILL_PROCESS"
NOTIFY = "SCMP_ACT_NOTIFY"


def killing(*names, action):
    return {"names": list(names), "action": action}


@pytest.mark.parametrize(
    ("profile", "severity", "said"),
    [
        (deny_list(deny("exit_group", "exit")), Severity.HIGH, "crashes (status 139), or never ends"),
        (
            {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [allow("read")]},
            Severity.HIGH,
            "crashes (status 139)",
        ),
        (deny_list(deny("exit_group")), Severity.MEDIUM, "only the one that calls it ends"),
        (deny_list(killing("exit_group", action=PROCESS)), Severity.HIGH, "always 159"),
        (deny_list(deny("exit_group"), killing("exit", action=KILL)), Severity.HIGH, "always 159"),
        (allow_list(), Severity.INFO, "a thread that has finished stays"),
        (deny_list(deny("exit")), Severity.MEDIUM, "a thread that has finished stays"),
        (deny_list(killing("exit", action=PROCESS)), Severity.MEDIUM, "with the first thread"),
        (deny_list(killing("exit", action=KILL)), None, ""),
        (allow_list(allow("exit")), None, ""),
        (deny_list(killing("exit_group", "exit", action=NOTIFY)), None, ""),
        (deny_list(killing("exit_group", action=NOTIFY)), None, ""),
        (deny_list(deny("exit_group"), killing("exit", action=NOTIFY)), None, ""),
        (
            deny_list(killing("exit_group", action=NOTIFY), deny("exit")),
            Severity.MEDIUM,
            "a thread that has finished stays",
        ),
    ],
)
def test_a_program_or_a_thread_that_cannot_end_is_reported(profile, severity, said):
    findings = lint(read(profile), LintTarget(), selection(["no-exit"], []))
    assert [finding.severity for finding in findings] == ([severity] if severity else [])
    assert all(said in finding.message for finding in findings)


def test_a_base_profile_that_is_not_at_hand_may_allow_them():
    profile = read({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": []})
    assert not lint(profile, LintTarget(base="runc"), selection(["no-exit"], []))
