"""A limit on sessions that start at once: each keeps a processor busy, so fewer at a time are ready sooner."""

import asyncio
import os
from collections.abc import Awaitable, Callable

from runner.classroom.live.terminal import Terminal
from runner.pace import MACHINE

_SECONDS = 3.0
"""Seconds that a session may take to its first picture; then the next one starts anyway."""


class Starts:
    """Lets one more session than there are processors start at once; the others wait in turn."""

    def __init__(self, most: int = 0) -> None:
        self._turns = asyncio.Semaphore(most or len(os.sched_getaffinity(0)) + 1)
        self._shown: set[asyncio.Task[None]] = set()

    async def begin(self, start: Callable[[], Awaitable[Terminal]]) -> Terminal:
        """Start a session in its turn, which lasts until its first picture."""
        await self._turns.acquire()
        try:
            terminal = await start()
        except BaseException:
            self._turns.release()
            raise
        task = asyncio.create_task(self._see(terminal))
        self._shown.add(task)
        task.add_done_callback(self._shown.discard)
        return terminal

    async def _see(self, terminal: Terminal) -> None:
        try:
            async with asyncio.timeout(MACHINE.stretched(_SECONDS)):
                await terminal.painted.wait()
        except TimeoutError:
            pass
        finally:
            self._turns.release()
