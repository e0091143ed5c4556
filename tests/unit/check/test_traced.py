"""A trace probe: what a program called, and what of that its profile denied, by which rule."""

import json

import pytest

from runner.check.evaluate import evaluate
from runner.check.observation import Observation
from runner.check.outcome import Errored, Failed, Passed
from runner.check.probes import observe
from runner.engine.api import Completed
from runner.errors import EngineError
from runner.lab.model.check import CallMatch, ContainerProbe, ExecProbe, Expectation, TraceProbe
from runner.lab.model.container import ContainerSpec
from tests.fakes import FakeEngine
from tests.unit.check.test_observation import CHECK

PROFILE = {
    "defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"names": ["chmod", "fchmodat"], "action": "SCMP_ACT_ERRNO"}],
}
GATE = "openat(0xffffff9c, 0x1, 0x80000, 0) = 0x3\nchmod(0x1, 0x1ed) = -1 EPERM (Operation not permitted)\n"
LOG = f"""\
strace: Process 7 attached
{GATE}execve("/bin/chmod", ["chmod"], 0x1 /* 3 vars */) = 0
read(0x3, 0x7ffd, 0x340) = 0x340
fchmodat(0xffffff9c, 0x55, 0x1ff, 0) = -1 EPERM (Operation not permitted)
mount(0, 0, 0, 0, 0) = -1 EPERM (Operation not permitted)
[pid     8] read(0x3, 0x7ffd, 0x340) = 0x340
+++ exited with 1 +++
"""


@pytest.fixture
def context(make_context, tmp_path):
    (tmp_path / "mine.json").write_text(json.dumps(PROFILE, indent=1))
    engine = FakeEngine({"^chmod": Completed(1, "no\n"), "^none": Completed(127, "none: not found\n")})
    engine.traced = {"^chmod": LOG, "^none": GATE}
    return make_context(engine)


def fresh(*command, seccomp="mine.json"):
    return TraceProbe(ContainerProbe(ContainerSpec(command=command, security_opt=(f"seccomp={seccomp}",))))


def test_the_gate_s_calls_do_not_count_and_only_seccomp_s_denials_do(context):
    seen = observe(fresh("chmod"), context, 5)
    assert (seen.started, seen.exit, seen.output) == (True, 1, "no\n")
    assert seen.traced.counts == {"read": 2, "fchmodat": 1, "mount": 1}
    (denied,) = seen.traced.denied
    assert (denied.name, denied.cause, denied.fate) == ("fchmodat", "rule", "EPERM")
    assert denied.rule.startswith("mine.json:")
    assert "denied calls fchmodat (EPERM by mine.json:" in str(seen)


def test_in_a_running_container_the_profile_is_the_one_that_it_was_started_with(context, tmp_path):
    spec = ContainerSpec(command=("bash",), tty=True)
    text = (tmp_path / "mine.json").read_text()
    context.containers["box"] = context.engine.start(spec, seccomp=text, timeout=5)
    seen = observe(TraceProbe(ExecProbe("box", ("chmod",))), context, 5)
    assert [call.name for call in seen.traced.denied] == ["fchmodat"]
    assert seen.traced.denied[0].rule.startswith("mine.json:")


def test_without_a_filter_nothing_is_denied(context):
    assert observe(fresh("chmod", seccomp="unconfined"), context, 5).traced.denied == ()


def test_a_program_that_never_began_made_no_calls_whatever_was_not_expected(context):
    check = checking(CHECK, fresh("none"), Expectation(denied=CallMatch(none=("*",))))
    outcome = evaluate(check, context)
    assert isinstance(outcome, Failed)
    assert "never began" in outcome.actual
    assert observe(fresh("none"), context, 5).traced is None


def test_denials_are_reported_with_their_rule_if_the_check_fails(context):
    check = checking(CHECK, fresh("chmod"), Expectation(denied=CallMatch(none=("fchmodat",))))
    outcome = evaluate(check, context)
    assert isinstance(outcome, Failed)
    assert outcome.expected == "denied calls without fchmodat"
    assert "fchmodat (EPERM by mine.json:" in outcome.actual
    passing = Expectation(calls=CallMatch(all=("read",)), denied=CallMatch(all=("fchmod*",), by=("rule",)))
    assert isinstance(evaluate(checking(CHECK, fresh("chmod"), passing), context), Passed)


def test_a_container_that_cannot_be_watched_is_an_error_and_no_failure(context):
    context.engine.programs = {"chmod": EngineError("ptrace is refused")}
    check = checking(CHECK, fresh("chmod"), Expectation(calls=CallMatch(all=("read",))))
    assert isinstance(evaluate(check, context), Errored)


def test_an_observation_without_a_trace_says_nothing_of_calls():
    assert "calls" not in str(Observation(exit=0))


def checking(check, probe, expect):
    from dataclasses import replace

    return replace(check, probe=probe, expect=expect)
