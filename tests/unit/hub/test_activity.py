"""What a server tells the Hub of its learner's activity."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import pytest

from runner.errors import UsageError
from runner.hub import activity

HUB = {"JUPYTERHUB_ACTIVITY_URL": "http://hub/activity", "JUPYTERHUB_API_TOKEN": "secret"}


class Hub:
    """A Hub that keeps what it is told, and the session in which that is."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.refuses = 0

    def session(self, **_options: object) -> "Hub":
        return self

    async def __aenter__(self) -> "Hub":
        return self

    async def __aexit__(self, *_: object) -> None: ...

    @asynccontextmanager
    async def post(self, _address: str, json: dict[str, Any]) -> AsyncIterator["Hub"]:
        self.told.append(json["last_activity"])
        yield self

    def raise_for_status(self) -> None:
        if self.refuses:
            self.refuses -= 1
            raise aiohttp.ClientError("busy")


async def reported(hub: Hub, times: list[float], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the Hub is told while the last activity is at these times, one at each look."""
    left = list(times)

    def active() -> float:
        if not left:
            raise asyncio.CancelledError
        return left.pop(0)

    monkeypatch.setattr("aiohttp.ClientSession", hub.session)
    monkeypatch.setattr(activity, "SECONDS", 0)
    with suppress(asyncio.CancelledError):
        await activity.report(HUB, active)
    return hub.told


async def test_each_activity_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = await reported(Hub(), [10, 10, 20, 20], monkeypatch)
    assert [one[17:19] for one in told] == ["10", "20"]


async def test_what_the_hub_refused_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub()
    hub.refuses = 1
    assert len(await reported(hub, [10, 10, 10], monkeypatch)) == 2


async def test_a_program_that_no_hub_has_started_says_so() -> None:
    with pytest.raises(UsageError, match="JUPYTERHUB_ACTIVITY_URL"):
        await activity.report({}, lambda: 0.0)
