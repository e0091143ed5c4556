"""Expectations against observations, and outcomes from them."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.check.evaluate import judge
from runner.check.observation import DeniedCall, Observation, TracedCalls, mismatches
from runner.check.outcome import Failed, Passed
from runner.lab.model.check import CallMatch, Check, CheckHint, Expectation, HostProbe, Retry, TextMatch
from runner.lab.model.span import Span
from runner.lab.model.transcript import Status

CHECK = Check(
    id="it",
    describe="it works",
    probe=HostProbe(("true",)),
    expect=Expectation(exit=Status((0,))),
    reject=None,
    control=None,
    retry=Retry(),
    hints=(),
    explain="because",
    mutants=(),
    precheck_passes="",
    timeout=10.0,
    span=Span(Path("lab.md"), 3, 9),
)


CHMOD = DeniedCall("chmod", "rule", "mine.json:3, syscalls[0]", "EPERM")


def traced(*names, denied=()):
    return Observation(traced=TracedCalls(dict.fromkeys(names, 1), tuple(denied)))


@pytest.mark.parametrize(
    ("expect", "holds", "fails"),
    [
        (Expectation(exit=Status((0,))), Observation(exit=0), Observation(exit=1)),
        (Expectation(exit=Status((0,))), Observation(exit=0), Observation()),
        (Expectation(exit=Status((0,), negated=True)), Observation(exit=1), Observation()),
        (Expectation(started=False), Observation(started=False), Observation(started=True)),
        (Expectation(started=True), Observation(started=True), Observation()),
        (Expectation(output=TextMatch(all=("a", "b"))), Observation(output="b a"), Observation(output="a")),
        (Expectation(output=TextMatch(any=("a", "b"))), Observation(output="b"), Observation(output="c")),
        (Expectation(output=TextMatch(none=("a",))), Observation(output="b"), Observation(output="ab")),
        (
            Expectation(output=TextMatch(all=("^b$",))),
            Observation(output="a\nb\nc"),
            Observation(output="a b c"),
        ),
        (
            Expectation(facts={"action": ("allow", "log")}),
            Observation(facts={"action": ("log",)}),
            Observation(facts={"action": ("errno",)}),
        ),
        (
            Expectation(facts={"profile": ("a.json",)}),
            Observation(facts={"profile": ("b.json", "a.json")}),
            Observation(facts={}),
        ),
        (Expectation(calls=CallMatch(all=("read", "get*"))), traced("read", "getpid"), traced("read")),
        (Expectation(calls=CallMatch(any=("open", "openat"))), traced("openat"), traced("openat2")),
        (Expectation(calls=CallMatch(none=("open*",))), traced("read"), traced("openat")),
        (Expectation(calls=CallMatch(none=("open*",))), traced(), Observation()),
        (Expectation(denied=CallMatch(all=("chmod",))), traced("chmod", denied=[CHMOD]), traced("chmod")),
        (Expectation(denied=CallMatch(none=("*",))), traced("chmod"), traced("chmod", denied=[CHMOD])),
        (
            Expectation(denied=CallMatch(all=("chmod",), by=("rule",))),
            traced("chmod", denied=[CHMOD]),
            traced("chmod", denied=[CHMOD._replace(cause="default")]),
        ),
    ],
)
def test_an_expectation_distinguishes_matches_from_mismatches(expect, holds, fails):
    assert mismatches(expect, holds) == ()
    assert len(mismatches(expect, fails)) == 1


def test_every_mismatch_is_reported():
    expect = Expectation(exit=Status((0,)), output=TextMatch(all=("yes",)))
    outcome = judge(replace(CHECK, expect=expect), Observation(exit=1, output="no"))
    assert isinstance(outcome, Failed)
    assert outcome.expected == "exit status 0; output that matches 'yes'"
    assert outcome.at.line == 3


def test_a_rejected_observation_fails_although_it_is_as_expected():
    check = replace(CHECK, reject=Expectation(output=TextMatch(all=("warning",))))
    assert isinstance(judge(check, Observation(exit=0, output="fine")), Passed)
    outcome = judge(check, Observation(exit=0, output="one\nwarning\n"))
    assert isinstance(outcome, Failed)
    assert outcome.actual == "exit status 0; one\nwarning"


@pytest.mark.parametrize(
    ("reject", "passes"),
    [
        (Expectation(exit=Status((0,), negated=True)), False),
        (Expectation(exit=Status((1,)), output=TextMatch(all=("out",))), False),
        (Expectation(exit=Status((1,)), output=TextMatch(all=("other",))), True),
    ],
)
def test_an_unknown_exit_status_may_be_the_rejected_one(reject, passes):
    check = replace(CHECK, expect=Expectation(output=TextMatch(all=("out",))), reject=reject)
    outcome = judge(check, Observation(output="out", unclear="type it by itself"))
    assert isinstance(outcome, Passed) is passes
    assert passes or outcome.actual == "type it by itself"


def test_the_first_hint_that_fits_is_given():
    hints = (
        CheckHint(Expectation(exit=Status((2,))), "two"),
        CheckHint(Expectation(exit=Status((0,), negated=True)), "other"),
    )
    check = replace(CHECK, hints=hints)
    said = [getattr(judge(check, Observation(exit=code)), "hint", None) for code in (2, 3, 0)]
    assert said == ["two", "other", None]
