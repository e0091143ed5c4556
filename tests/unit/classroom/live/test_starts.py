"""The order of sessions when many open at once."""

import asyncio

import pytest

from runner.classroom.live.starts import Starts
from runner.errors import EngineError
from tests.waiting import patience


class Program:
    """A terminal, as far as it matters here."""

    def __init__(self) -> None:
        self.painted = asyncio.Event()


async def test_one_starts_when_another_has_shown_its_first_picture(monkeypatch) -> None:
    """Or when it could not start at all."""
    monkeypatch.setattr("runner.classroom.live.starts._SECONDS", 600.0)
    starts, programs = Starts(2), []

    async def start() -> Program:
        programs.append(Program())
        return programs[-1]

    async def fail() -> Program:
        raise EngineError("no box")

    first, second = [await starts.begin(start) for _ in range(2)]
    third, broken, fourth = [asyncio.create_task(starts.begin(one)) for one in (start, fail, start)]
    await asyncio.sleep(0)
    assert [first, second] == programs
    second.painted.set()
    assert await third is programs[2]
    await asyncio.sleep(0)
    assert not broken.done()
    first.painted.set()
    with pytest.raises(EngineError):
        await broken
    assert await fourth is programs[3]


async def test_a_session_without_output_delays_others_only_briefly(monkeypatch) -> None:
    monkeypatch.setattr("runner.classroom.live.starts._SECONDS", 0.01)
    starts = Starts(1)

    async def start() -> Program:
        return Program()

    async with patience():
        assert await starts.begin(start) is not await starts.begin(start)
