"""`runner.cli.profile.workload`: the last lines of `test` and `generate`."""

import json
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock
from xml.etree import ElementTree as ET

import pytest

from runner.cli.main import main
from runner.cli.profile.workload import running
from runner.cli.profile.workload.generate import _report
from runner.cli.profile.workload.testing import _last_line
from runner.errors import ExitCode
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.trace import trial as trials
from runner.trace.check import Outcome
from runner.trace.recorder import Recorder
from runner.trace.trial import Trial
from runner.trace.why import Answer, answer

PROFILE = '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}'


def _trial(log: bytes, *, passed: bool = True) -> tuple[Trial, Answer]:
    recorder = Recorder(Simulation.of_text(PROFILE, Target(), file="p.json"))
    recorder.feed(log)
    evidence = recorder.close()
    trial = Trial(
        simulation=Simulation.of_text(PROFILE, Target(), file="p.json"),
        recorder=recorder,
        trace=recorder.trace(),
        evidence=evidence,
        outcome=Outcome(passed, "it exited with 0"),
    )
    return trial, answer(trial.simulation, recorder.verdicts, evidence, logged=None)


@pytest.mark.parametrize(
    ("log", "passed", "line"),
    [
        (b"read(3) = 1\n", True, "check passed: it exited with 0"),
        (b"poll(0, 0, 0) = -1 EPERM (x)\n", False, "check FAILED: it exited with 0"),
        (
            b"poll(0, 0, 0) = -1 EPERM (x)\n",
            True,
            "test FAILED: 1 call was denied (poll), though the check passed: it exited with 0",
        ),
    ],
)
def test_the_last_line_agrees_with_the_exit_code(log: bytes, passed: bool, line: str) -> None:
    assert _last_line(*_trial(log, passed=passed), checked=True) == line


def test_what_one_run_cannot_show_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    trial, _ = _trial(b"read(3) = 1\n")
    trace = Mock(runs=1, calls=trial.trace.calls)
    first = Mock(trace=Mock(programs=("/bin/busybox",)), programs=(b"\x7fELF" + bytes(200),))
    _report(trial.simulation.profile, trace, first, trial)
    said = capsys.readouterr().err
    assert "not looked into: /bin/busybox: a static program" in said
    assert "depends on timing" in said
    assert "--merge" in said
    trace.runs = 3
    _report(trial.simulation.profile, trace, first, trial)
    assert "depends on timing" not in capsys.readouterr().err


def _engine() -> object:
    return nullcontext(Mock(info=Mock(runtime="runc", runtime_version="1.2.0")))


@pytest.mark.parametrize("check", [[], ["--check", "true"]])
@pytest.mark.parametrize("proving", [False, True])
def test_generate_ends_where_it_is_interrupted(
    proving: bool,
    check: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    whole, _ = _trial(b"read(3) = 1\n")
    ended = replace(whole, outcome=Outcome(False, "it was interrupted"), interrupted=True)
    left = [whole, ended] if proving else [ended]
    monkeypatch.setattr(trials, "tried", lambda *_: left.pop(0))
    monkeypatch.setattr(running, "engine_of", lambda _: _engine())
    monkeypatch.setattr(running, "docker_command", lambda: "docker")
    target = tmp_path / "out.json"
    words = ["profile", "generate", "-o", str(target), *check, "lab", "sleep", "9"]
    assert main(words) == ExitCode.INTERRUPTED
    assert not left
    assert not target.exists()
    how = "under the profile" if proving else "for the first time"
    said = capsys.readouterr().err
    assert (
        f"ended `lab sleep 9`, which ran {how}{', and its check' if check else ''}; nothing was written\n"
        in said
    )
    assert said.endswith("workshop: interrupted\n")


@pytest.fixture
def interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every run is interrupted after a denied call."""
    seen, _ = _trial(b"poll(0, 0, 0) = -1 EPERM (x)\n")
    ended = replace(seen, outcome=Outcome(False, "it was interrupted"), interrupted=True)
    monkeypatch.setattr(trials, "tried", lambda *_: ended)
    monkeypatch.setattr(running, "engine_of", lambda _: _engine())
    monkeypatch.setattr(running, "docker_command", lambda: "docker")


def _test(*options: str) -> int:
    return main(["profile", "test", "--profile", "default", *options, "lab", "sleep", "9"])


@pytest.mark.usefixtures("interrupted")
@pytest.mark.parametrize(
    ("options", "ended"),
    [
        ([], "not decided: it was interrupted, and the program was ended\n"),
        (
            ["--check", "true"],
            "not decided: it was interrupted, and the program was ended, with its check\n",
        ),
    ],
)
def test_an_interrupted_test_shows_what_it_saw_and_exits_as_interrupted(
    options: list[str], ended: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _test(*options) == ExitCode.INTERRUPTED
    said = capsys.readouterr().out
    assert "poll" in said
    assert said.endswith(ended)


@pytest.mark.usefixtures("interrupted")
def test_the_json_of_an_interrupted_test_has_no_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    assert _test("--json") == ExitCode.INTERRUPTED
    found = json.loads(capsys.readouterr().out)
    assert found["interrupted"] is True
    assert found["check"] == {"passed": None, "said": "it was interrupted"}


@pytest.mark.usefixtures("interrupted")
def test_the_junit_report_of_an_interrupted_test_has_no_failed_case(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    assert _test("--junit", str(report)) == ExitCode.INTERRUPTED
    suite = ET.parse(report).getroot()[0]  # noqa: S314 - our own file
    assert [(case.get("name"), [found.tag for found in case]) for case in suite] == [("check", ["skipped"])]
    assert {key: suite.get(key) for key in ("tests", "failures", "skipped")} == {
        "tests": "1",
        "failures": "0",
        "skipped": "1",
    }
    assert suite[0][0].text == "it was interrupted"
