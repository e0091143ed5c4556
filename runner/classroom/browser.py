"""A terminal at a page in a browser."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from aiohttp import WSCloseCode, web

from runner.classroom.live.live_class import LiveClass
from runner.classroom.live.people import Learner
from runner.classroom.live.terminal import Terminal
from runner.errors import WorkshopError
from runner.terminal.size import Size
from runner.web.messages import Keys
from runner.web.socket import messages, opened, size_of

_LONGEST_REASON = 120


class BrowserDoor:
    """Sends display data to a browser, and nothing else: no packet of another kind ever leaves for one."""

    kind = "browser"

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self._socket, self._transport = socket, transport

    async def show(self, data: bytes) -> None:
        await self._socket.send_bytes(data)

    async def leave(self, why: str) -> None:
        # The length is limited in bytes; browsers reject a frame that ends within a character.
        shortened = why.encode()[:_LONGEST_REASON].decode(errors="ignore")
        await self._socket.close(message=shortened.encode())

    def drop(self) -> None:
        if self._transport is not None:
            self._transport.abort()


async def show(
    request: web.Request,
    shown: Callable[[BrowserDoor, Size], AbstractAsyncContextManager[Terminal]],
    *,
    lively: Callable[[], object] = lambda: None,
) -> web.WebSocketResponse:
    """Answer a page that connects: relay the terminal that `shown` opens at its door, and its keys, until either ends.

    If the terminal cannot be opened, the connection closes; the page asks why. `lively` is called on each input.
    """
    socket = await opened(request)
    door = BrowserDoor(socket, request.transport)
    try:
        async with shown(door, size_of(request)) as terminal:
            await _hear(socket, door, terminal, lively)
    except WorkshopError:
        await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
    return socket


@asynccontextmanager
async def seated(live: LiveClass, learner: Learner, door: BrowserDoor, size: Size) -> AsyncIterator[Terminal]:
    """A learner's session at a door, while the block runs.

    Raises:
        WorkshopError: the session cannot begin; the learner's place says why.
    """
    try:
        terminal = await live.sit(learner, door, size)
    except WorkshopError as error:
        if live.roll.has(learner):
            live.place(learner).message = f"{error} {error.remedy}".strip()
        raise
    try:
        yield terminal
    finally:
        terminal.detach(door)


async def _hear(
    socket: web.WebSocketResponse,
    door: BrowserDoor,
    terminal: Terminal,
    lively: Callable[[], object],
) -> None:
    """Relay the page's input while the terminal is shown at this door."""
    async for message in messages(socket):
        if terminal.door is not door:
            # Their session was opened elsewhere, or has ended.
            return
        match message:
            case Keys(data):
                lively()
                await terminal.type(data)
            case Size() as size:
                terminal.resize(size)
            case _:
                # The program in a box does not ask whether its page has the keys.
                pass
