"""The conclusions from a container's own report."""

from contextlib import nullcontext
from dataclasses import replace
from unittest.mock import Mock

import pytest

from runner.engine.discovery import EngineChoice
from runner.engine.doctor import trial
from runner.engine.doctor.findings import Level
from runner.engine.doctor.machine import image
from runner.engine.doctor.trial import Seen
from runner.engine.private.places import Places
from runner.lab.model.container import ContainerSpec
from tests.fakes import INFO, FakeEngine

GOOD = "denied\n2\n000001ffffffffff\n268435456\n256\n96365\n"


def test_a_report_is_read() -> None:
    assert Seen.parse(GOOD) == Seen(
        denied=True, filtered=True, capabilities=2**41 - 1, memory=2**28, pids=256, processes=96365
    )
    assert Seen.parse("allowed 0 0 max none unlimited") == Seen(
        denied=False, filtered=False, capabilities=0, memory=None, pids=None, processes=None
    )


@pytest.mark.parametrize("output", ["", "sh: not found", GOOD + "more"])
def test_other_output_is_refused(output: str) -> None:
    with pytest.raises(ValueError, match=r"unpack|hex|invalid"):
        Seen.parse(output)


@pytest.mark.parametrize("change", [{"denied": False}, {"filtered": False}])
def test_a_profile_that_is_not_in_force_keeps_labs_from_running(change: dict[str, bool]) -> None:
    seen = Seen.parse(GOOD)
    assert trial._profile(seen, 1.0).level is Level.OK
    found = trial._profile(replace(seen, **change), 1.0)  # type: ignore[arg-type]
    assert found.level is Level.MISSING
    assert found.remedy


def test_an_image_that_the_trial_has_provided_is_no_longer_to_be_built(monkeypatch, tmp_path) -> None:
    choice = EngineChoice(places=Places.under(tmp_path), environ={"XDG_CACHE_HOME": str(tmp_path)})
    before = image(tmp_path / "seccomp-workshop")
    assert "is built" in before.detail or before.level is Level.WARNING
    monkeypatch.setattr(trial, "open_candidate", lambda *_: nullcontext(Mock(info=INFO)))
    monkeypatch.setattr(trial, "provide", lambda *_: None)
    monkeypatch.setattr(trial, "_findings", lambda *_: iter(()))
    (found,) = trial.try_engine(choice, Mock())
    assert (found.name, found.level) == (before.name, Level.OK)
    assert f"the engine at {INFO.endpoint} has it" in found.detail


def limits(text: str, *, isolation: str = "rootless") -> trial.Finding:
    engine = FakeEngine(info=replace(INFO, isolation=isolation))
    return trial._limits(Seen.parse(text), ContainerSpec(), engine)


def test_effective_limits_are_reported_with_their_size() -> None:
    found = limits(GOOD)
    assert found.level is Level.OK
    assert "256 MiB" in found.detail


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ("denied 2 ff max none 256", "by a ulimit"),
        ("denied 2 ff none none unlimited", "by nothing"),
        ("denied 2 ff 9223372036854771712 256 unlimited", "only processes are"),
        ("denied 2 ff 268435457 9 9", "only processes are"),
    ],
)
def test_ineffective_limits_are_reported_with_the_effective_ones(report: str, said: str) -> None:
    found = limits(report)
    assert found.level is Level.WARNING
    assert said in found.detail
    assert found.remedy


def test_a_closed_folder_on_the_path_ends_no_examination(monkeypatch, tmp_path) -> None:
    """As root's, in the shell of `su`, on a machine without the command."""

    def closed(*_args, **_options):
        raise PermissionError(13, "Permission denied", "docker")

    monkeypatch.setattr("subprocess.run", closed)
    choice = EngineChoice(places=Places.under(tmp_path), environ={"PATH": "/root/bin"})
    assert list(trial._command(Mock(info=INFO), choice)) == []
