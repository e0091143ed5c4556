"""Fixes silence their rules and change nothing else."""

import pytest

from runner.profile.lint import LintTarget, fixed, lint, selection
from runner.profile.source.reader import read_profile
from tests.unit.profile.lint.examples import EXAMPLES, read, target_of


@pytest.mark.parametrize("rule", EXAMPLES)
def test_a_fix_silences_its_rule_and_changes_nothing_else(rule):
    reading, target = read(EXAMPLES[rule][0]), target_of(rule)
    wanted = selection([rule], [])
    findings = lint(reading, target, wanted)
    text = fixed(reading, target, wanted)
    if not any(finding.fix for finding in findings):
        assert text == reading.document.text
        return
    assert not lint(read_profile(text), target, wanted)
    before, after = reading.document.text.splitlines(), text.splitlines()
    assert sum(line not in after for line in before) <= 4


FIXES = [
    (
        '{"syscalls": [],  "DEFAULTACTION" : "SCMP_ACT_ALLOW"}',
        '{"syscalls": [],  "defaultAction" : "SCMP_ACT_ALLOW"}',
    ),
    (
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"name":"chmod", "action": "SCMP_ACT_ERRNO"}]}',
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]}',
    ),
    (
        '{"defaultAction": "SCMP_ACT_ALLOW", "defaultErrnoRet": 1 , "syscalls": [\n{"names": ["a",  "a"], '
        '"action": "SCMP_ACT_ERRNO", "includes": {"caps":["sys_admin"], "arches": ["x86_64"]}}]}',
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [\n{"names": ["a"], '
        '"action": "SCMP_ACT_ERRNO", "includes": {"caps":["CAP_SYS_ADMIN"], "arches": ["amd64"]}}]}',
    ),
    (
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["", "__NR_chmod"], "action": "SCMP_ACT_ERRNO"}]}',
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]}',
    ),
]


@pytest.mark.parametrize(("before", "after"), FIXES)
def test_fixes_keep_the_formatting_elsewhere(before, after):
    assert fixed(read_profile(before), LintTarget(), selection([], [])) == after
