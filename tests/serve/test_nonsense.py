"""Invalid messages: each costs at most its own session, and is not logged."""

import asyncio
import json
import socket
import struct
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.serve.visiting import Visitor, heard
from tests.waiting import closed


@pytest.mark.parametrize(
    "frame", ["", "nonsense", "{}", "[]", '["stdin"]', '["stdin", 1]', '["resize", {"width": "a"}]', b"\0"]
)
async def test_invalid_messages_end_the_session(place, caplog, frame):
    """The connection says so, and the server has nothing to complain of."""
    async with place() as served:
        socket = await (await served.learner()).connect()
        await heard(socket)
        await (socket.send_str(frame) if isinstance(frame, str) else socket.send_bytes(frame))
        await closed(socket)
        assert socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION
        assert (await served.noted(2))[1].startswith("end")
    assert not caplog.records


async def test_an_invalid_request_is_not_logged(place, caplog):
    async with place() as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(served.origin).port)
        writer.write(b"GET / HT\x00\xff\r\n\r\n")
        assert b"400" in await reader.readline()
        writer.close()
    assert not caplog.records


WHOLE = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
}


async def handshake(
    served, learner: Visitor, **changes: str
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which the request for a session has been sent, with some of its headers changed."""
    cookie = next(iter(learner.http.cookie_jar))
    headers = WHOLE | {"Origin": served.origin, "Cookie": f"{cookie.key}={cookie.value}"} | changes
    host = urlsplit(served.origin)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    lines = [f"GET {learner.room}ws?width=80&height=24 HTTP/1.1", f"Host: {host.netloc}"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    return reader, writer


@pytest.mark.parametrize("reset", [False, True])
async def test_a_handshake_that_breaks_is_not_worth_a_word(place, caplog, capfd, reset):
    """Those who leave before they are answered cost nothing, and the next who comes gets a session."""
    async with place() as served:
        learner = await served.learner()
        for _ in range(5):
            _, writer = await handshake(served, learner)
            if reset:
                # What lingers for no time is reset, not closed.
                writer.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
                )
            writer.close()
        assert "environment" in await heard(await learner.connect())
    assert not caplog.records
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("header", WHOLE)
@pytest.mark.parametrize("value", ["", "nonsense"])
async def test_an_invalid_handshake_is_refused(place, caplog, header, value):
    async with place() as served:
        reader, writer = await handshake(served, await served.learner(), **{header: value})
        assert b"400" in await reader.readline()
        writer.close()
        assert served.notes == []
    assert not caplog.records


@pytest.mark.parametrize("data", [b"\xff" * 40, b"\x81\x02hi"])
async def test_an_invalid_frame_ends_the_session(place, caplog, data):
    async with place() as served:
        reader, writer = await handshake(served, await served.learner())
        assert b"101" in await reader.readline()
        # One that is ended before its program has begun leaves no note.
        await served.noted(1)
        writer.write(data)
        await served.noted(2)
        writer.close()
    assert not caplog.records


async def test_absurd_sizes_are_kept_from_the_program(place):
    """A program takes memory for every cell, and cannot be without any."""
    async with place() as served:
        learner = await served.learner()
        socket = await learner.connect(size="width=9999999&height=-3")
        environment = (await heard(socket))["environment"]
        assert (environment["COLUMNS"], environment["ROWS"]) == ("1000", "1")
        await socket.send_json(["resize", {"width": 0, "height": 10**9}])
        resized = json.loads((await heard(socket))["M"])
        assert resized == {"type": "resize", "width": 1, "height": 400}


async def test_keys_that_are_no_text_are_replaced(place):
    async with place() as served:
        socket = await (await served.learner()).connect()
        await heard(socket)
        await socket.send_json(["stdin", "a\ud800"])
        assert await heard(socket) == {"D": "a?"}
