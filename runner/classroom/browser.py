"""A learner's terminal at a page in a browser."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from runner.classroom.live.terminal import Terminal
from runner.terminal.size import Size
from runner.web.messages import Keys
from runner.web.socket import messages


class BrowserDoor:
    """Passes on display data and nothing else: no packet of another kind ever leaves for a browser."""

    kind = "browser"

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self._socket, self._transport = socket, transport

    async def show(self, data: bytes) -> None:
        await self._socket.send_bytes(data)

    async def leave(self, why: str) -> None:
        await self._socket.close(message=why.encode()[:120])

    def drop(self) -> None:
        if self._transport is not None:
            self._transport.abort()


async def hear(
    socket: web.WebSocketResponse,
    door: BrowserDoor,
    terminal: Terminal,
    *,
    lively: Callable[[], object] = lambda: None,
) -> None:
    """Pass on what the page sends, for as long as the terminal is shown at this door; `lively` is told of keys."""
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
