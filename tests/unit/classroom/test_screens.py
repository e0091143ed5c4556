"""What a screen that does not start leaves behind."""

import asyncio
import os
from contextlib import suppress

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
    ends_of_terminals: dict[int, os.stat_result] = {}
    opened = os.openpty

    def openpty() -> tuple[int, int]:
        terminal = opened()
        ends_of_terminals.update({end: os.fstat(end) for end in terminal})
        return terminal

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
    assert len(ends_of_terminals) == 2
    for end, found in ends_of_terminals.items():
        # Its number may be another file's by now.
        with suppress(OSError):
            assert not os.path.samestat(os.fstat(end), found)
