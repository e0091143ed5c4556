"""The connection of a terminal's page."""

import aiohttp
from aiohttp import web

from runner.web.messages import Keys
from runner.web.socket import messages


class Gone:
    """A connection whose page has left after a ping and a key."""

    def __init__(self) -> None:
        self._frames = ['["ping", "1"]', '["stdin", "x"]']

    def __aiter__(self) -> "Gone":
        return self

    async def __anext__(self) -> aiohttp.WSMessage:
        if not self._frames:
            raise StopAsyncIteration
        return aiohttp.WSMessage(aiohttp.WSMsgType.TEXT, self._frames.pop(0), None)

    async def send_json(self, _: object) -> None:
        raise ConnectionResetError("Cannot write to closing transport")


async def test_a_page_that_leaves_before_its_answer_ends_nothing_with_an_error() -> None:
    socket: web.WebSocketResponse = Gone()  # type: ignore[assignment]
    assert [message async for message in messages(socket)] == [Keys(b"x")]
