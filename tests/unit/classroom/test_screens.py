"""What a screen that does not start leaves behind."""

import asyncio
import os

import pytest

from runner.classroom.screens import Screens
from runner.errors import EngineError
from runner.terminal.size import Size
from tests.unit.classroom.gateway import small_screen
from tests.unit.classroom.live_class import FakeDoor
from tests.waiting import until


@pytest.mark.parametrize("ends", ["fails", "cancelled"])
async def test_a_start_that_does_not_come_to_be_closes_its_terminal(
    ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()
    terminals: list[tuple[int, int]] = []
    opened = os.openpty

    def openpty() -> tuple[int, int]:
        terminals.append(opened())
        return terminals[-1]

    async def start(*_words: str, **_options: object) -> None:
        begun.set()
        if ends == "fails":
            raise FileNotFoundError(2, "No such file or directory")
        await asyncio.Event().wait()

    monkeypatch.setattr(os, "openpty", openpty)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)

    async def show() -> None:
        async with Screens([small_screen.__name__]).shown(FakeDoor(), Size(80, 24), farewell=""):
            pass

    showing = asyncio.create_task(show())
    await until(begun.is_set)
    showing.cancel()
    with pytest.raises(EngineError if ends == "fails" else asyncio.CancelledError):
        await showing
    (terminal,) = terminals
    for end in terminal:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(end)
