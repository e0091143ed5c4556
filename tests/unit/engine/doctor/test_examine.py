"""The doctor's trials: which, when, and their results."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from runner.engine.discovery import Candidate, EngineChoice, Suitability
from runner.engine.doctor import examine, memory
from runner.engine.doctor.examine import Examination, examine_and_try
from runner.engine.doctor.findings import Finding, Level
from runner.engine.endpoints import PRIVATE, Endpoint
from runner.engine.private.places import Places

USED = Candidate(Endpoint(PRIVATE, "unix:///ours"), Suitability.USABLE, "is started on demand")
FINE = Finding("limits", Level.OK, "as it seems")
TRIED = Finding("limits", Level.OK, "as it is")
BROKEN = Finding("a container", Level.MISSING, "did not start", "do this")


class Machine:
    """The findings of looking and of trying, and the number of trials."""

    def __init__(self) -> None:
        self.used: Candidate | None = USED
        self.looked: tuple[Finding, ...] = (FINE,)
        self.tried: tuple[Finding, ...] = (TRIED,)
        self.trials = 0

    def look(self, _choice: EngineChoice) -> Examination:
        return Examination((USED,), self.used, self.looked)

    def attempt(self, *_: object) -> tuple[Finding, ...]:
        self.trials += 1
        return self.tried


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    found = Machine()
    monkeypatch.setattr(examine, "examine", found.look)
    monkeypatch.setattr(examine.trial, "try_engine", found.attempt)
    return found


@pytest.fixture
def choice(tmp_path: Path) -> EngineChoice:
    return EngineChoice(
        places=Places.under(tmp_path), environ={"XDG_CACHE_HOME": str(tmp_path), "PATH": "/usr/bin"}
    )


def test_findings_of_a_trial_replace_those_of_looking(machine: Machine, choice: EngineChoice) -> None:
    assert examine_and_try(choice, print).findings == (TRIED,)


def test_an_engine_that_fails_its_trial_is_not_healthy(machine: Machine, choice: EngineChoice) -> None:
    machine.tried = (BROKEN,)
    for _ in range(2):
        found = examine_and_try(choice, print, again=False)
        assert not found.healthy
        assert BROKEN in found.findings
    assert machine.trials == 2


def test_incomplete_or_missing_engines_are_not_tried(machine: Machine, choice: EngineChoice) -> None:
    machine.looked = (BROKEN,)
    examine_and_try(choice, print)
    machine.looked, machine.used = (FINE,), None
    examine_and_try(choice, print)
    assert machine.trials == 0


def test_a_trial_that_passed_is_repeated_only_on_demand_or_after_a_change(
    machine: Machine, choice: EngineChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        assert examine_and_try(choice, print, again=False).healthy
    assert machine.trials == 1
    examine_and_try(choice, print)
    assert machine.trials == 2
    monkeypatch.setattr(memory, "_stamp", lambda _path: [1, 2])
    examine_and_try(choice, print, again=False)
    assert machine.trials == 3


def test_another_engine_or_docker_command_is_another_state(choice: EngineChoice, tmp_path: Path) -> None:
    for name in ("bin", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "docker").touch(mode=0o755)
    (tmp_path / "empty").mkdir()

    def state(*folders: str, used: Candidate = USED) -> str:
        path = os.pathsep.join(str(tmp_path / name) for name in folders)
        return memory.fingerprint(replace(choice, environ={**choice.environ, "PATH": path}), used)

    assert state(
        "bin", used=Candidate(Endpoint("DOCKER_HOST", "unix:///theirs"), Suitability.USABLE, "")
    ) != state("bin")
    assert state("other", "bin") != state("bin")
    assert state("empty", "bin", "empty") == state("bin")


def test_a_cache_that_cannot_be_written_costs_only_a_trial(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environ = {"XDG_CACHE_HOME": str(tmp_path / "file")}
    memory.note("state", environ)
    assert not memory.passed("state", environ)
