"""`runner.profile.lint`: every rule reports what it should, reports nothing else, and is explained."""

import pytest

from runner.errors import UsageError
from runner.profile.lint import RULES, LintTarget, lint, rule_named, selection
from runner.profile.lint.holding import RULES as HOLDING
from runner.profile.lint.unusable import RULES as UNUSABLE
from tests.unit.profile.lint.examples import (
    EXAMPLES,
    deny,
    deny_list,
    ids,
    read,
    target_of,
)


def test_every_rule_has_its_examples():
    assert set(EXAMPLES) == set(RULES) - {rule.id for rule in (*UNUSABLE, *HOLDING)}


@pytest.mark.parametrize("rule", EXAMPLES)
def test_rule_fires_on_its_example_and_not_on_the_other(rule):
    firing, silent = EXAMPLES[rule]
    assert rule in ids(firing, target_of(rule))
    assert rule not in ids(silent, target_of(rule))


def test_a_finding_points_at_the_text_that_it_is_about():
    rule = '{"Names": ["chmod",\n   "chmodd"], "action": "SCMP_ACT_ERRNO"}'
    text = f'{{"defaultAction": "SCMP_ACT_ALLOW",\n "syscalls": [{rule}]}}'
    (finding,) = lint(read(text), LintTarget(), selection(["unknown-name"], []))
    assert (finding.at.line, finding.at.column, finding.at.path) == (3, 4, "syscalls[0].names[1]")


def test_keys_that_only_docker_reads_are_not_reported_for_docker():
    for rule, (firing, _) in EXAMPLES.items():
        if rule.startswith("kubernetes-"):
            assert rule not in ids(firing, LintTarget())


def test_selection():
    wanted = selection(["legacy-name", "no-names"], ["no-names"])
    assert [identifier for identifier in RULES if wanted(identifier)] == ["legacy-name"]
    with pytest.raises(UsageError, match="did you mean legacy-name"):
        selection(["legacy-names"], [])


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_explained(rule):
    assert len(rule_named(rule).explanation) > 40
    assert rule == rule.lower()


def test_a_comment_in_a_rule_silences_a_finding_about_it():
    rule = deny("fsync", errnoRet=0, comment="meant so. lint: ignore fake-success, unused-errno")
    assert "fake-success" not in ids(deny_list(rule), LintTarget())
    other = deny("fdatasync", errnoRet=0)
    (finding,) = lint(read(deny_list(rule, other)), LintTarget(), selection(["fake-success"], []))
    assert finding.at.path == "syscalls[1].errnoRet"


def test_a_base_profile_or_an_unread_key_may_deny_what_the_profile_does_not():
    wanted = selection(["denies-nothing"], [])
    assert lint(read(deny_list()), LintTarget(), wanted)
    assert not lint(read(deny_list()), LintTarget(base="runtime/default"), wanted)
    assert not lint(read({"defaultAction": "SCMP_ACT_ALLOW", "syscall": []}), LintTarget(), wanted)


@pytest.mark.parametrize("action", ["SCMP_ACT_ERRNO", "SCMP_ACT_KILL"])
def test_what_the_runtime_lacks_is_placed_at_the_rule_that_denies_it(action):
    text = (
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [\n'
        f'  {{"names": ["chmod",\n"openat", "futex"], "action": "{action}"}},\n'
        f'  {{"names": ["execve"], "action": "{action}"}}]}}'
    )
    rule = {"SCMP_ACT_ERRNO": "runtime-base", "SCMP_ACT_KILL": "start-hang"}[action]
    found = lint(read(text), LintTarget(), selection([rule], []))
    assert [(finding.at.line, finding.at.path) for finding in found] == [
        (3, "syscalls[0].names[1]"),
        (4, "syscalls[1].names[0]"),
    ]
    assert found[0].message.endswith("futex openat")


def test_what_a_default_action_denies_of_the_runtimes_calls_is_one_finding():
    text = (
        '{"syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ALLOW"}],\n"defaultAction": "SCMP_ACT_ERRNO"}'
    )
    (finding,) = lint(read(text), LintTarget(), selection(["runtime-base"], []))
    assert (finding.at.line, finding.at.path) == (2, "defaultAction")
