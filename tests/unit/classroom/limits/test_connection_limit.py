"""The limit on connections."""

import asyncio
import socket
from contextlib import closing

from runner.classroom.limits.connection_limit import ConnectionLimit, LimitedListener
from tests.waiting import until


def test_a_place_has_its_share_and_all_have_a_bound() -> None:
    limit = ConnectionLimit(3, 2)
    assert [limit.enter("a") for _ in range(3)] == [True, True, False]
    assert limit.enter("b")
    assert not limit.enter("c"), "there are too many in all"
    limit.leave("a")
    assert limit.enter("c")
    assert not limit.enter("a")


async def test_connections_beyond_the_limit_are_refused_until_one_leaves() -> None:
    listener = LimitedListener(socket.create_server(("127.0.0.1", 0)).detach(), ConnectionLimit(10, 1))
    host, port = listener.getsockname()

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello\n")
        await reader.read()
        writer.close()

    async def greeting() -> tuple[bytes, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(host, port)
        try:
            return await reader.readline(), writer
        except ConnectionError:
            return b"", writer

    server = await asyncio.start_server(greet, sock=listener)
    with closing(server):
        said, first = await greeting()
        assert said == b"hello\n"
        said, second = await greeting()
        assert said == b""
        second.close()
        first.close()
        await until(lambda: listener._limit._here.total() == 0)
        said, third = await greeting()
        assert said == b"hello\n"
        third.close()
        await until(lambda: listener._limit._here.total() == 0)
