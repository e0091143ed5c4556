"""Waiting for conditions, as long as a busy machine may take."""

import asyncio
from collections.abc import Callable

import aiohttp

from runner.pace import MACHINE

_SECONDS = 60.0


def patience() -> asyncio.Timeout:
    """A block that may take as long as a busy machine needs for it."""
    return asyncio.timeout(MACHINE.stretched(_SECONDS))


async def until(holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    async with patience():
        while not holds():
            await asyncio.sleep(0.01)


async def shows(line: aiohttp.ClientWebSocketResponse, wanted: str, shown: bytes = b"") -> bytes:
    """All that a terminal in a browser has shown, from `shown` on, once `wanted` is in it."""
    async with patience():
        while wanted.encode() not in shown:
            frame = await line.receive()
            assert frame.type is aiohttp.WSMsgType.BINARY, (frame, shown[-500:])
            shown += frame.data
    return shown


async def closed(line: aiohttp.ClientWebSocketResponse) -> None:
    """Wait until the other side has closed a connection, whatever it sends before."""
    async with patience():
        while not line.closed:
            await line.receive()
