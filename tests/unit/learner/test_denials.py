"""`runner.learner.denials`: a denied call is explained, found in the profile's text, and allowed there."""

import json

from runner.learner.denials import (
    allowing,
    allowing_in,
    explained,
    explained_verdict,
    line_allowing,
    line_deciding,
)
from runner.profile.calls.call import parse_call
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.profile.source.reader import read_profile
from runner.trace.live import LiveCalls

DENIES = json.dumps(
    {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]},
    indent=1,
)
DENIED = b"chmod(0x55, 0x1ff) = -1 EPERM (Operation not permitted)\n"


def seen() -> LiveCalls:
    """The calls of a program whose chmod was denied at second 5."""
    calls = LiveCalls(Simulation.of_text(DENIES, Target(), file="mine.json"), clock=lambda: 5.0)
    calls.feed(DENIED)
    return calls


def test_what_was_denied_meanwhile_is_explained_by_its_rule() -> None:
    (denial,) = explained(seen(), 4, 6).denied
    assert denial.verdict.call.syscall.name == "chmod"
    assert "mine.json:" in denial.reasons[0]
    assert not explained(seen(), 6, 7).denied


def test_one_denial_is_explained_by_itself() -> None:
    calls = seen()
    denial = explained_verdict(calls, calls.snapshot().verdicts[0])
    assert denial is not None
    assert denial.allow == "chmod"


def test_the_line_that_decides_is_the_rules_or_the_default_actions() -> None:
    (denial,) = explained(seen(), 4, 6).denied
    assert line_deciding(DENIES, denial.verdict.call, Target()) == 4
    assert line_deciding('{\n "defaultAction": "SCMP_ACT_ERRNO"\n}', denial.verdict.call, Target()) == 2


def test_a_call_that_is_allowed_with_some_arguments_is_so_by_the_rule_on_these() -> None:
    text = """{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
      {"names": ["read"], "action": "SCMP_ACT_ALLOW"},
      {"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}
    ]}"""
    assert [line_allowing(text, parse_call([name]), Target()) for name in ("read", "socket", "write")] == [
        2,
        3,
        1,
    ]


def test_the_changed_profile_lets_the_call_through() -> None:
    (denial,) = explained(seen(), 4, 6).denied
    for text in (allowing(DENIES, denial), allowing_in(read_profile(DENIES).profile, denial)):
        assert Simulation.of_text(text, Target()).decide(denial.verdict.call).executed
