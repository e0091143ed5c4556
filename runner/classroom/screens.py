"""The instructor's screen for browsers: a separate program for each, beside their server and with no more rights."""

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress
from functools import partial

from runner.classroom.live.terminal import Door, Terminal, dismiss
from runner.errors import EngineError
from runner.language import tr
from runner.pace import MACHINE
from runner.terminal.size import Size

_MOST = 4
"""The largest number at once; each takes 60 MB. One more closes the oldest."""
_MOST_FAREWELLS = 100
_PATIENCE = 5.0
_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


class Screens:
    """Runs the Python module and arguments in `words`, if given, at the instructor's doors."""

    def __init__(self, words: Sequence[str], *, most: int = _MOST) -> None:
        self._words = tuple(words)
        self._most = most
        self._shown: list[Door] = []
        self._left: dict[str, str] = {}
        """The farewells that were not asked for yet, by page."""

    @property
    def there(self) -> bool:
        """True if this class has a screen."""
        return bool(self._words)

    def farewell(self, page: str) -> str:
        """The reason why a page's screen is gone, given once; "" if it was only lost."""
        return self._left.pop(page, "")

    @asynccontextmanager
    async def shown(
        self, door: Door, size: Size, *, farewell: str, arguments: Sequence[str] = (), page: str = ""
    ) -> AsyncIterator[Terminal]:
        """A screen at a door, while the block runs; a person who leaves it gets the `farewell`.

        The program gets `arguments` after its words. The farewell is kept for the `page`, if it has a name.

        Raises:
            EngineError: the program cannot be started.
        """
        # Counted from here: programs differ in how long they take to start.
        self._shown.append(door)
        try:
            for older in self._shown[: -self._most]:
                await dismiss(older, tr("Opened elsewhere."), seconds=_PATIENCE)
            async with self._running(
                door, size, partial(self._bid_farewell, door, farewell, page), arguments
            ) as terminal:
                yield terminal
        finally:
            self._shown.remove(door)

    @asynccontextmanager
    async def _running(
        self, door: Door, size: Size, ended: Callable[[], Awaitable[None]], arguments: Sequence[str]
    ) -> AsyncIterator[Terminal]:
        """The program, while the block runs."""
        process, descriptor = await self._start(size, arguments)
        terminal = Terminal(descriptor, size)
        ending = asyncio.create_task(_see_end(process, ended))
        try:
            await terminal.attach(door, size)
            yield terminal
        finally:
            terminal.detach(door)
            ending.cancel()
            try:
                await _end(process)
            finally:
                await terminal.close()

    async def _start(self, size: Size, arguments: Sequence[str]) -> tuple[Process, int]:
        """The program, and the outer end of its terminal."""
        outer, inner = os.openpty()
        with ExitStack() as opened:
            opened.callback(os.close, outer)
            try:
                size.tell(inner)
                # Its own program gives it the terminal: none of our code may run between a fork and what follows.
                leader = shutil.which("setsid") or "setsid"
                process = await asyncio.create_subprocess_exec(
                    *(leader, "--ctty", sys.executable, "-m", *self._words, *arguments),
                    stdin=inner,
                    stdout=inner,
                    stderr=inner,
                    env=os.environ | _TERMINAL,
                )
            except OSError as error:
                raise EngineError(
                    tr("the screen cannot be started: {why}", why=error), remedy=tr("reload the page")
                ) from error
            finally:
                os.close(inner)
            opened.pop_all()
        return process, outer

    async def _bid_farewell(self, door: Door, farewell: str, page: str) -> None:
        if page:
            self._left[page] = farewell
            if len(self._left) > _MOST_FAREWELLS:
                del self._left[next(iter(self._left))]
        await dismiss(door, farewell, seconds=_PATIENCE)


async def _see_end(process: Process, ended: Callable[[], Awaitable[None]]) -> None:
    await process.wait()
    await ended()


async def _end(process: Process) -> None:
    """End the program, and wait for that even if the caller is cancelled."""
    try:
        with suppress(ProcessLookupError, TimeoutError):
            process.terminate()
            async with asyncio.timeout(MACHINE.stretched(_PATIENCE)):
                await process.wait()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
