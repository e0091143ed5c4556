"""Calls that wait, one after another."""

import asyncio
import threading
from contextlib import suppress

import pytest

from runner.tui.jobs import Jobs
from tests.waiting import until


async def test_a_call_that_nobody_waits_for_any_more_keeps_its_turn() -> None:
    jobs, begun, end = Jobs(), threading.Event(), threading.Event()
    order: list[str] = []

    def slow() -> None:
        begun.set()
        end.wait()
        order.append("slow")

    first = asyncio.create_task(jobs.run(slow))
    await until(begun.is_set)
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    second = asyncio.create_task(jobs.run(lambda: order.append("next")))
    # It comes to its turn here, if it does not wait.
    for _ in range(10):
        await asyncio.sleep(0)
    assert "job" in {thread.name for thread in threading.enumerate()}
    assert jobs._turn.locked()
    assert not second.done()
    end.set()
    await second
    assert order == ["slow", "next"]


async def test_a_call_that_waits_for_its_turn_can_be_given_up() -> None:
    jobs, end, ran = Jobs(), threading.Event(), []
    first = asyncio.create_task(jobs.run(end.wait))
    second = asyncio.create_task(jobs.run(lambda: ran.append("it was given up")))
    await asyncio.sleep(0)
    second.cancel()
    end.set()
    assert await first
    assert await jobs.run(lambda: 1 + 1) == 2
    assert second.cancelled()
    assert ran == []


async def test_the_error_of_a_call_is_raised_where_it_is_waited_for() -> None:
    def fails() -> None:
        raise OSError("no room")

    jobs = Jobs()
    with pytest.raises(OSError, match="no room"):
        await jobs.run(fails)
    assert await jobs.run(lambda: 1 + 1) == 2
