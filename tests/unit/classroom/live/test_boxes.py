"""A caller that waits for a box gets that box, or an error."""

import asyncio
import json
import os
import socket
from collections.abc import Callable
from typing import Any

import pytest

from runner.classroom.live.boxes import Boxes
from runner.errors import EngineError
from tests.waiting import until


def said_open(starter: socket.socket) -> int:
    """Have the starter pass on a box's terminal, whose inner end this is."""
    outer, inner = os.openpty()
    socket.send_fds(starter, [json.dumps({"box": 1, "is": "open"}).encode()], [outer])
    os.close(outer)
    os.set_blocking(inner, False)
    return inner


def closed(inner: int) -> Callable[[], bool]:
    """Whether the outer end of a terminal is closed; the inner one is then, too."""

    def is_closed() -> bool:
        try:
            gone = os.read(inner, 1) == b""
        except BlockingIOError:
            return False
        os.close(inner)
        return gone

    return is_closed


@pytest.mark.parametrize("stop", [Boxes.close, Boxes.forget])
async def test_a_box_that_was_given_up_is_not_handed_out(stop: Callable[[Boxes, int], None]) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        boxes = Boxes(ours, ended=lambda *_: None, lost=lambda: None)
        first = asyncio.create_task(boxes.open(1, 80, 24))
        await until(lambda: boxes._wanted)
        stop(boxes, 1)
        with pytest.raises(EngineError):
            await first
        await until(closed(said_open(theirs)))
        asyncio.get_running_loop().remove_reader(ours)


async def test_a_starter_that_is_gone_is_told_once_and_can_be_let_go_of() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    told: list[str] = []
    boxes = Boxes(ours, ended=lambda *_: None, lost=lambda: told.append("lost"))
    theirs.close()
    await until(lambda: told)
    boxes.drop()
    assert told == ["lost"]


@pytest.mark.parametrize("given_up", ["in time", "cancelled"])
async def test_a_terminal_that_nobody_waits_for_any_more_is_closed(
    monkeypatch: pytest.MonkeyPatch, given_up: str
) -> None:
    if given_up == "in time":
        monkeypatch.setattr("runner.classroom.live.boxes._START_SECONDS", 0.0)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        boxes = Boxes(ours, ended=lambda *_: None, lost=lambda: None)
        opening = asyncio.create_task(boxes.open(1, 80, 24))
        await until(lambda: boxes._wanted)
        if given_up == "cancelled":
            opening.cancel()
        with pytest.raises((EngineError, asyncio.CancelledError)):
            await opening
        await until(closed(said_open(theirs)))
        asyncio.get_running_loop().remove_reader(ours)


async def test_a_terminal_that_comes_late_is_for_who_asks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        boxes = Boxes(ours, ended=lambda *_: None, lost=lambda: None)
        with monkeypatch.context() as now:
            now.setattr("runner.classroom.live.boxes._START_SECONDS", 0.0)
            with pytest.raises(EngineError, match="in time"):
                await boxes.open(1, 80, 24)
        again = asyncio.create_task(boxes.open(1, 80, 24))
        await until(lambda: boxes._wanted[1].waiters)
        inner = said_open(theirs)
        os.close(await again)
        await until(closed(inner))
        asyncio.get_running_loop().remove_reader(ours)


async def test_a_starter_that_was_busy_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs:
        boxes = Boxes(ours, ended=lambda *_: None, lost=lambda: None)
        ask, busy = boxes._ask, [EngineError("busy")]

        def asked(*words: Any, **more: int) -> None:
            if busy:
                raise busy.pop()
            ask(*words, **more)

        monkeypatch.setattr(boxes, "_ask", asked)
        with pytest.raises(EngineError, match="busy"):
            await boxes.open(1, 80, 24)
        again = asyncio.create_task(boxes.open(1, 80, 24))
        await until(lambda: boxes._wanted)
        assert json.loads(theirs.recv(4096))["do"] == "open"
        inner = said_open(theirs)
        os.close(await again)
        await until(closed(inner))
        asyncio.get_running_loop().remove_reader(ours)
