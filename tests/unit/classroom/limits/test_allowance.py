"""Rate limits."""

import asyncio

import pytest

from runner.classroom.limits.allowance import Allowance


async def test_others_have_their_turn_however_much_there_is() -> None:
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(other())
    allowance = Allowance(1e12, 1e12)
    for _ in range(10):
        await allowance.take()
    assert turns == 10
    task.cancel()


async def test_amounts_beyond_the_burst_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    with monkeypatch.context() as patched:
        patched.setattr(asyncio, "sleep", sleep)
        # The clock stands still, however long this takes.
        patched.setattr(asyncio.get_running_loop(), "time", lambda: 100.0)
        allowance = Allowance(10.0, 20.0)
        await allowance.take(15)
        await allowance.take(15)
    assert waits == [0.0, 1.0], "ten more than there were, at ten a second"
