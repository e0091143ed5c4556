"""A caller that waits for a box gets that box, or an error."""

import asyncio
import json
import os
import socket
from collections.abc import Callable

import pytest

from runner.classroom.live.boxes import Boxes
from runner.errors import EngineError
from tests.waiting import until


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
        outer, inner = os.openpty()
        socket.send_fds(theirs, [json.dumps({"box": 1, "is": "open"}).encode()], [outer])
        os.close(outer)
        os.set_blocking(inner, False)

        def is_closed() -> bool:
            try:
                return os.read(inner, 1) == b""
            except BlockingIOError:
                return False

        await until(is_closed)
        os.close(inner)
        asyncio.get_running_loop().remove_reader(ours)


async def test_a_starter_that_is_gone_is_told_once_and_can_be_let_go_of() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    told: list[str] = []
    boxes = Boxes(ours, ended=lambda *_: None, lost=lambda: told.append("lost"))
    theirs.close()
    await until(lambda: told)
    boxes.drop()
    assert told == ["lost"]
