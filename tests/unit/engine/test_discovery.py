from pathlib import Path

import pytest

from runner.engine import discovery
from runner.engine.api import EngineUnavailable
from runner.engine.discovery import EngineChoice, Suitability, judge, open_engine, survey
from runner.engine.endpoints import Endpoint
from runner.engine.private.places import Places
from runner.errors import EngineError
from tests.fakes import INFO


def with_isolation(kind: str, **changes: object) -> object:
    from dataclasses import replace

    return replace(INFO, isolation=kind, **changes)


@pytest.mark.parametrize("kind", ["user-namespace", "rootless", "vm"])
def test_an_isolated_engine_is_used_without_asking(kind: str) -> None:
    assert judge(with_isolation(kind), asked_for=False)[0] is Suitability.USABLE


def test_an_engine_without_isolation_needs_consent_or_being_named() -> None:
    assert judge(with_isolation("none"), asked_for=False)[0] is Suitability.CONSENT
    assert judge(with_isolation("none"), asked_for=True)[0] is Suitability.USABLE


def test_an_engine_without_seccomp_is_never_used() -> None:
    assert judge(with_isolation("rootless", seccomp=False), asked_for=True)[0] is Suitability.UNUSABLE


def test_a_named_engine_that_does_not_answer_is_not_replaced_by_another(tmp_path: Path) -> None:
    choice = EngineChoice(engine=f"unix://{tmp_path}/none.sock", places=Places.under(tmp_path))
    [candidate] = survey(choice)
    assert candidate.suitability is Suitability.UNUSABLE
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        open_engine(choice, "s")


def test_when_nothing_can_be_used_every_reason_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = [Endpoint(source=name, url=f"unix://{tmp_path}/{name}") for name in ("one", "two")]
    monkeypatch.setattr(discovery, "usual", lambda *_environ, **_uid: iter(usual))
    monkeypatch.setattr(
        discovery, "obstacle", lambda _places: EngineError("needs dockerd, which is not installed")
    )
    with pytest.raises(EngineUnavailable) as raised:
        open_engine(EngineChoice(places=Places.under(tmp_path), environ={}), "s")
    first, *reasons = str(raised.value).splitlines()
    assert first == "no container engine can be used"
    assert [reason.split(": ", 1)[0] for reason in reasons] == ["  one", "  two", "  private"]
    assert all("there is no such socket" in reason for reason in reasons[:2])
    assert reasons[2] == "  private: needs dockerd, which is not installed"
    assert "doctor" in raised.value.remedy
