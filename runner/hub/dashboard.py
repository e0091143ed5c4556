"""The dashboard: the instructor's screen in a browser, as a service of JupyterHub, for those whom its roles let in."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping
from contextlib import suppress

from aiohttp import web

from runner.classroom.browser import BrowserDoor, hear
from runner.classroom.live.terminal import Terminal
from runner.hub.door import HubDoor
from runner.hub.login import USER, Login, hub_oauth
from runner.hub.serving import run_program, served, until_told
from runner.hub.surroundings import Surroundings
from runner.pace import MACHINE
from runner.terminal.size import Size
from runner.web import pages
from runner.web.socket import opened, size_of

_REFUSAL = (
    "The dashboard is for those who teach. The Hub's administrator can give you the role that it needs."
)
_SCREEN = "runner.cli.teach.hub_screen"
"""The program that is the screen, known by its name alone: no widget is in the process that strangers reach."""
_GRACE = 5.0


class Dashboard(HubDoor):
    """A screen of their own for each who teaches, for as long as they stay."""

    def __init__(self, surroundings: Surroundings, login: Login, environ: Mapping[str, str]) -> None:
        super().__init__(surroundings, login)
        self._environ = dict(environ)

    def routes(self) -> list[web.AbstractRouteDef]:
        """The page and its connection."""
        prefix = self.surroundings.prefix
        return [web.get(prefix, self._page), web.get(f"{prefix}ws", self._terminal)]

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return pages.terminal(
            f"{self.surroundings.title}: dashboard",
            socket=self.surroundings.socket,
            starting="Starting the instructor's screen …",
            ended="The screen has ended. The class goes on.",
        )

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        socket, size = await opened(request), size_of(request)
        door = BrowserDoor(socket, request.transport)
        process, outer = await _started(self._environ, request[USER], size)
        terminal = Terminal(outer, size)
        leaving = asyncio.create_task(_leave_with(process, door))
        try:
            async with self.watched(request, door):
                await terminal.attach(door, size)
                await hear(socket, door, terminal)
        finally:
            await _end(process)
            await leaving
            await terminal.close()
        return socket


async def _started(environ: Mapping[str, str], user: str, size: Size) -> tuple[Process, int]:
    """The screen of an instructor, and the outer end of its terminal."""
    outer, inner = os.openpty()
    try:
        size.tell(inner)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", _SCREEN, user),
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env={**environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
    except BaseException:
        os.close(outer)
        raise
    finally:
        os.close(inner)
    return process, outer


async def _leave_with(process: Process, door: BrowserDoor) -> None:
    """Close the connection once the screen has ended."""
    await process.wait()
    with suppress(OSError):
        await door.leave("the screen has ended")


async def _end(process: Process) -> None:
    """Have the screen end, and wait until it has."""
    for number in (signal.SIGHUP, signal.SIGKILL):
        if process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(number)
        with suppress(TimeoutError):
            async with asyncio.timeout(MACHINE.stretched(_GRACE)):
                await process.wait()


async def run(environ: Mapping[str, str]) -> None:
    """Serve until the Hub ends it.

    Raises:
        UsageError: the environment lacks something.
    """
    surroundings = Surroundings.of(environ)
    # Its roles say who has the scope of this service; there is no one owner.
    login = Login(hub_oauth(), surroundings, admits=lambda _name: True, refusal=_REFUSAL)
    told = until_told()
    async with served(Dashboard(surroundings, login, environ).application(), surroundings):
        await told.wait()


if __name__ == "__main__":
    run_program(run)
