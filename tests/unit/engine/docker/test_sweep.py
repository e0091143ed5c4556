"""Sweeping an engine on which a container cannot be removed."""

from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docker.errors import APIError
from requests.exceptions import ConnectionError as Lost

from runner.engine import discovery
from runner.engine.api import SESSION_LABEL, EngineUnavailable
from runner.engine.docker.describe import Description
from runner.engine.docker.options import Limits
from runner.engine.docker.sweep import sweep_all, sweep_orphans, sweep_session
from runner.engine.endpoints import Endpoint
from runner.engine.owner import OWNER_LABEL, Owner
from runner.engine.private.places import Places
from runner.errors import EngineError
from tests.fakes import INFO

DEAD = {SESSION_LABEL: "old", OWNER_LABEL: str(replace(Owner.current(), started=1))}


class Engine:
    """Has two containers, a network and a volume of a dead session; the first container's removal fails."""

    endpoint = "unix:///engine"

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.removed: list[str] = []

    def containers(self, **_: object) -> list[dict[str, Any]]:
        return [{"Id": name, "Labels": DEAD} for name in ("stuck", "other") if name not in self.removed]

    def networks(self, **_: object) -> list[dict[str, Any]]:
        return [{"Id": "network", "Labels": DEAD}]

    def volumes(self, **_: object) -> dict[str, Any]:
        return {"Volumes": [{"Name": "volume", "Labels": DEAD}]}

    def within(self, _seconds: float) -> "closing[Engine]":
        return closing(self)

    def close(self) -> None:
        pass

    def remove_container(self, identity: str, **_: object) -> None:
        if identity == "stuck":
            raise self._error
        self.removed.append(identity)

    def remove_network(self, identity: str) -> None:
        self.removed.append(identity)

    def remove_volume(self, name: str) -> None:
        self.removed.append(name)


BUSY = APIError("500", explanation="device or resource busy")


@pytest.mark.parametrize("sweep", [sweep_orphans, sweep_all])
def test_one_that_cannot_be_removed_is_told_and_keeps_nothing_else(sweep: Any) -> None:
    engine = Engine(BUSY)
    swept = sweep(engine)
    assert engine.removed == ["other", "network", "volume"]
    assert (swept.containers, swept.networks, swept.volumes) == (1, 1, 1)
    [failure] = swept.failures
    assert "device or resource busy" in str(failure)
    assert "docker rm -f stuck" in failure.remedy


def test_a_session_that_cannot_be_removed_whole_is_an_error_after_all_else_is_removed() -> None:
    engine = Engine(BUSY)
    with pytest.raises(EngineError, match="busy"):
        sweep_session(engine, "old")
    assert engine.removed == ["other", "network", "volume"]


def test_an_engine_that_goes_meanwhile_is_not_asked_on() -> None:
    engine = Engine(Lost("it is gone"))
    with pytest.raises(EngineUnavailable):
        sweep_orphans(engine)
    assert engine.removed == []


def test_an_engine_with_one_is_opened_all_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    said: list[str] = []
    limits = Limits(pids=True, memory=True, swap=True)
    monkeypatch.setattr(discovery, "_client", lambda *_, **__: nullcontext(Engine(BUSY)))
    monkeypatch.setattr(discovery, "describe", lambda *_, **__: Description(INFO, limits))
    found = discovery._open(Endpoint("here", "unix:///engine"), "new", Places.under(tmp_path), said.append)
    assert len(found.swept.failures) == 1
    [line] = said
    assert "device or resource busy" in line
    assert "docker rm -f stuck" in line
