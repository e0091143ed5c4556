"""Advice on a failed check, for any lab."""

import json

import pytest

from runner.check.advice import advice
from runner.check.observation import Observation
from runner.lab.model.check import (
    Check,
    ContainerProbe,
    Expectation,
    FileProbe,
    Probe,
    ProfileProbe,
    Retry,
    TraceProbe,
    TranscriptProbe,
)
from runner.lab.model.container import ContainerSpec
from runner.lab.model.span import Span
from runner.shell.recorder import CommandFinished
from tests.fakes import FakeEngine

SPEC = ContainerSpec(command=("whoami",), security_opt=("seccomp=my.json",))
LINE = "docker run --rm --security-opt seccomp=my.json lab whoami"
PROBES = [
    ContainerProbe(SPEC),
    TraceProbe(ContainerProbe(SPEC)),
    ProfileProbe(file="my.json", syscall="setuid", args=()),
    FileProbe("my.json"),
    TranscriptProbe("host", "whoami"),
]


def check_of(probe: Probe) -> Check:
    return Check(
        id="one",
        describe="",
        probe=probe,
        expect=Expectation(),
        reject=None,
        control=None,
        retry=Retry(),
        hints=(),
        explain="",
        mutants=(),
        precheck_passes="",
        timeout=1.0,
        span=Span("lab.md", 1, 1),
    )


def profile(*names: str) -> str:
    rule = {"names": names, "action": "SCMP_ACT_ERRNO"}
    return json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]})


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: type(probe).__name__)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            profile("chmod", "setuidd"),
            "No system call is called setuidd, so the profile does nothing for it. Did you mean setuid?",
        ),
        (profile("qqqqqqqq"), "No system call is called qqqqqqqq, so the profile does nothing for it."),
        (profile("setuid", "chmod"), ""),
        ("{ no JSON", ""),
        ("xx{}", ""),
        (None, ""),
    ],
)
def test_an_unknown_call_name_is_reported(make_context, tmp_path, probe, text, said) -> None:
    if text is not None:
        (tmp_path / "my.json").write_text(text)
    context = make_context(FakeEngine(), [CommandFinished(LINE, "", 0, 0.0, 0.0)])
    assert advice(check_of(probe), Observation(exit=0), context) == said


def test_dockers_refusals_are_explained(make_context) -> None:
    output = (
        "docker: opening seccomp profile (unconfind) failed: open unconfind: no such file or directory.\n"
    )
    found = advice(
        check_of(TranscriptProbe("host", "run")),
        Observation(exit=125, output=output),
        make_context(FakeEngine()),
    )
    assert found.endswith("Did you mean unconfined?")


def test_what_a_program_in_a_container_prints_is_no_message_of_dockers(make_context) -> None:
    observed = Observation(
        exit=127, output="opening seccomp profile (unconfind) failed: open unconfind: none\n"
    )
    check = check_of(TranscriptProbe("host", "run"))
    assert advice(check, observed, make_context(FakeEngine())) == ""


def test_an_option_where_the_program_belongs_is_explained(make_context) -> None:
    output = (
        'docker: Error response from daemon: runc: exec: "--cap-add": executable file not found in $PATH\n'
    )
    found = advice(
        check_of(TranscriptProbe("host", "run")),
        Observation(exit=127, output=output),
        make_context(FakeEngine()),
    )
    assert found.endswith("Options go before it.")
