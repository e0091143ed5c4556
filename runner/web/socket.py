"""The connection of a terminal's page: how it is opened, and what it says."""

from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from runner.terminal.size import Size
from runner.web.messages import Focus, Keys, Ping, read_message

LARGEST_FRAME = 1 << 20
"""Bytes that a page may send at once; a large paste is the most that there is."""


async def opened(request: web.Request, *, largest: int = LARGEST_FRAME) -> web.WebSocketResponse:
    """The connection that is asked for, with frames of at most so many bytes.

    Raises:
        HTTPBadRequest: it is not asked for as it should be, or is lost already.
    """
    socket = web.WebSocketResponse(heartbeat=15, timeout=2, max_msg_size=largest)
    try:
        await socket.prepare(request)
    except ConnectionError:
        # They have gone while they were answered.
        raise web.HTTPBadRequest(text="The connection has broken.") from None
    return socket


async def messages(socket: web.WebSocketResponse) -> AsyncIterator[Keys | Size | Focus]:
    """What the page says until the connection ends, which what no page says ends; pings are answered here."""
    async for frame in socket:
        try:
            message = read_message(frame.data if frame.type is WSMsgType.TEXT else "")
        except ValueError as error:
            await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=str(error).encode())
            return
        if isinstance(message, Ping):
            # Anyone who has gone meanwhile does not want to be answered.
            with suppress(ConnectionError):
                await socket.send_json(["pong", message.value])
        else:
            yield message


def size_of(request: web.Request) -> Size:
    """The size of the page's terminal, as its request for the connection says."""
    return Size.of(number(request, "width", 80), number(request, "height", 24))


def number(request: web.Request, name: str, usual: int) -> int:
    """A whole number that a request asks for; what is none counts as the `usual`."""
    try:
        return int(request.query.get(name, ""))
    except ValueError:
        return usual
