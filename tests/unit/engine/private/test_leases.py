"""Leases while the last engine's supervisor hangs, without an engine."""

from pathlib import Path

import pytest

from runner import language
from runner.engine.api import EngineTimeout
from runner.engine.private import leases
from runner.engine.private.control import locks
from runner.engine.private.places import Places
from tests.unit.engine.private.control.held import held


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setattr(leases, "STOP_SECONDS", 0.1)
    places = Places(tmp_path / "data", tmp_path / "run")
    places.runtime.mkdir(mode=0o700)
    monkeypatch.setattr("runner.engine.private.places._EXEC_ROOT_LENGTH", 1000)
    return places


def test_a_supervisor_that_hangs_as_it_ends_is_named_and_ended_by_stop(places: Places) -> None:
    """It has no socket any more, but still holds the lock that keeps engines from overlapping."""
    said: list[str] = []
    with held(places.lock) as pid:
        with pytest.raises(EngineTimeout, match=f"process {pid}") as raised:
            leases.acquire(places, said.append)
        assert "workshop engine stop" in raised.value.remedy
        assert said == ["Waiting for the end of the last private engine"]
        assert leases.status(places) is None
        assert leases.silent_supervisor(places) == f"process {pid}"
        assert leases.stop(places)
        assert not locks.is_locked(places.lock)
    assert not leases.stop(places)
    assert leases.silent_supervisor(places) == ""


def test_what_cannot_be_killed_is_named(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "_KILL_SECONDS", 0.1)
    monkeypatch.setattr("runner.engine.private.leases.os.kill", lambda *_: None)
    with held(places.lock) as pid, pytest.raises(EngineTimeout, match=f"process {pid}") as raised:
        leases.stop(places)
    assert "WORKSHOP_ENGINE_DIR" in raised.value.remedy


@pytest.mark.parametrize(
    ("pids", "said"),
    [
        ([], "el supervisor del último motor privado no ha terminado en 5 s"),
        ([12], "el supervisor del último motor privado, proceso 12, no ha terminado en 5 s"),
        ([12, 34], "el supervisor del último motor privado, procesos 12 34, no ha terminado en 5 s"),
    ],
)
def test_a_supervisor_that_goes_on_is_named_in_a_whole_sentence(pids, said):
    language.use("es")
    try:
        assert leases._not_ended(pids, "5") == said
    finally:
        language.use("")
