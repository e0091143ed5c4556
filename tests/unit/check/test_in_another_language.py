"""What fails is told in the language of the lesson, whatever the probe."""

from collections.abc import Iterator

import pytest

from runner import language
from runner.check.context import NotThere
from runner.check.observation import REFUSALS, DeniedCall, Observation, TracedCalls, mismatches
from runner.check.outcome import Failed
from runner.check.probes import observe
from runner.check.shell_line import parts
from runner.check.transcript import compare
from runner.lab.model.check import (
    CallMatch,
    ExecProbe,
    Expectation,
    ProfileProbe,
    TextMatch,
    TranscriptProbe,
)
from runner.lab.model.span import Span
from runner.lab.model.transcript import Command, Line, Match, Status
from tests.fakes import FakeEngine

TRACED = Observation(
    traced=TracedCalls({"read": 1}, (DeniedCall("chmod", "default", "mine.json:3", "EPERM"),))
)
NEVER_BEGAN = Observation()
MISMATCHES = {
    "start": (Expectation(started=True), Observation(started=False)),
    "no start": (Expectation(started=False), Observation(started=True)),
    "nothing started": (Expectation(started=True), Observation()),
    "status": (Expectation(exit=Status((1, 2), negated=True)), Observation(exit=1)),
    "all": (Expectation(output=TextMatch(all=("a",))), Observation()),
    "any": (Expectation(output=TextMatch(any=("a", "b"))), Observation()),
    "none": (Expectation(output=TextMatch(none=("a",))), Observation(output="a")),
    "profile": (Expectation(facts={"profile": ("x", "y")}), Observation()),
    "running": (Expectation(facts={"running": ("yes",)}), Observation(facts={"running": ("no",)})),
    "valid": (Expectation(facts={"valid": ("yes",)}), Observation(facts={"valid": ("no",)})),
    "exists": (Expectation(facts={"exists": ("yes",)}), Observation(facts={"exists": ("no",)})),
    "action": (Expectation(facts={"action": ("allow",)}), Observation(facts={"action": ("errno",)})),
    "capabilities": (
        Expectation(facts={"capabilities": ("all",)}),
        Observation(facts={"capabilities": ("default",)}),
    ),
    **{f"refused: {word}": (Expectation(facts={"refused": (word,)}), Observation()) for word in REFUSALS},
    "calls": (Expectation(calls=CallMatch(all=("open", "close"), none=("read",))), TRACED),
    "denied": (Expectation(denied=CallMatch(any=("open", "close"), by=("rule",))), TRACED),
    "never began": (Expectation(calls=CallMatch(all=("open",))), NEVER_BEGAN),
}
SPAN = Span("lab.md", 1, 1)  # type: ignore[arg-type] (nobody looks)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    yield
    language.use("")


def both(tell):
    """What `tell` says in English and in Spanish, sentence by sentence."""
    said = []
    for code in ("", "es"):
        language.use(code)
        said.append(list(tell()))
    assert len(said[0]) == len(said[1])
    return zip(*said, strict=True)


def translated(tell):
    for english, spanish in both(tell):
        assert english
        assert english != spanish


@pytest.mark.parametrize("case", MISMATCHES)
def test_mismatches(case):
    def tell():
        for found in mismatches(*MISMATCHES[case]):
            yield found.expected
            if found.actual != "a":
                yield found.actual

    translated(tell)


@pytest.mark.parametrize(
    "line",
    ["a | b", "a && b", "a; b", "a & b", "! a", "for x in y; do a; done", "echo $(a)", "f() { a; }"],
)
def test_why_a_status_is_not_known(line):
    translated(lambda: [part.why for part in parts(line, 1, "") if part.why])
    language.use("")
    assert [part.why for part in parts(line, 3, "") if part.status is None]


@pytest.mark.parametrize(
    "probe",
    [
        ExecProbe("box", ("true",)),
        TranscriptProbe("host", "docker"),
        ProfileProbe("mine.json", "chmod", ()),
    ],
    ids=lambda probe: type(probe).__name__,
)
def test_what_was_not_done_yet(probe, make_context):
    def tell():
        with pytest.raises(NotThere) as raised:
            observe(probe, make_context(FakeEngine()), 1.0)
        yield str(raised.value)

    translated(tell)


@pytest.mark.parametrize(
    ("match", "output", "status"),
    [
        (Match.EQUAL, "other", 0),
        (Match.GLOB, "other", 0),
        (Match.REGEX, "other", 0),
        (Match.EQUAL, "", 0),
        (Match.EQUAL, "line", 3),
        (Match.EQUAL, "line\nand another", 0),
    ],
)
def test_transcripts(match, output, status):
    command = Command("it", (Line("line", match, 1, 1, SPAN),), Status(), SPAN)

    def tell():
        outcome = compare(command, output, status)
        assert isinstance(outcome, Failed)
        yield outcome.expected
        if not outcome.actual.startswith("'"):
            yield outcome.actual

    translated(tell)
