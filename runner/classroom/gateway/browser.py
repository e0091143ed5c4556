"""A browser at which a terminal is shown."""

import asyncio

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
        """Pass on what the terminal shows."""
        await self._socket.send_bytes(data)

    async def leave(self, why: str) -> None:
        """Close; the page asks why."""
        await self._socket.close(message=why.encode()[:120])

    def drop(self) -> None:
        """Close at once."""
        if self._transport is not None:
            self._transport.abort()

    async def hear(self, terminal: Terminal) -> None:
        """Pass on what the page sends, for as long as the terminal is shown here."""
        async for message in messages(self._socket):
            if terminal.door is not self:
                # Their session was opened elsewhere, or has ended.
                return
            match message:
                case Keys(data):
                    await terminal.type(data)
                case Size() as size:
                    terminal.resize(size)
                case _:
                    # The program does not ask whether its page has the keys.
                    pass
