"""The connection of a terminal's page: its opening, and its messages."""

from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import WSCloseCode, WSMsgType, web

from runner.terminal.size import Size
from runner.web.messages import Focus, Keys, Ping, read_message

LARGEST_FRAME = 1 << 20
"""Bytes that a page may send at once; a large paste is the largest message."""


async def opened(request: web.Request, *, largest: int = LARGEST_FRAME) -> web.WebSocketResponse:
    """Open the requested websocket, with frames of at most so many bytes.

    Raises:
        HTTPBadRequest: the request is malformed, or its connection is already lost.
    """
    socket = web.WebSocketResponse(heartbeat=15, timeout=2, max_msg_size=largest)
    try:
        await socket.prepare(request)
    except ConnectionError:
        # The client left while it was being answered.
        raise web.HTTPBadRequest(text="The connection has broken.") from None
    return socket


async def messages(socket: web.WebSocketResponse) -> AsyncIterator[Keys | Size | Focus]:
    """The page's messages until the connection closes; an invalid message closes it. Pings are answered here."""
    async for frame in socket:
        try:
            message = read_message(frame.data if frame.type is WSMsgType.TEXT else "")
        except ValueError as error:
            await socket.close(code=WSCloseCode.POLICY_VIOLATION, message=str(error).encode())
            return
        if isinstance(message, Ping):
            # A client that has left needs no answer.
            with suppress(ConnectionError):
                await socket.send_json(["pong", message.value])
        else:
            yield message


def size_of(request: web.Request) -> Size:
    """The size of the page's terminal, from its request for the connection."""
    return Size.of(number(request, "width", 80), number(request, "height", 24))


def number(request: web.Request, name: str, usual: int) -> int:
    """A whole number from a request; the `usual` one if it is missing or invalid."""
    try:
        return int(request.query.get(name, ""))
    except ValueError:
        return usual
