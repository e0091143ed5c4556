"""A silent connection is closed, in whatever phase it is silent."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from socket import create_server

import pytest
from aiohttp import web

from runner.classroom import certificate
from runner.web import listening
from tests.waiting import patience


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[tuple[int, ssl.SSLContext]]:
    """A port that is served over TLS, and the context of a client."""
    pem, key = certificate.make(["127.0.0.1"])
    (folder / "c.pem").write_bytes(pem)
    (folder / "k.pem").write_bytes(key)
    listener = create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = web.Application()
    app.add_routes([web.get("/", _answer)])
    tls = certificate.context(folder / "c.pem", folder / "k.pem")
    async with listening.listening(app, listener, tls=tls):
        yield port, ssl.create_default_context(cadata=pem.decode())


async def _answer(_request: web.Request) -> web.Response:
    return web.Response(text="here")


async def dribble(writer: asyncio.StreamWriter) -> None:
    """Send a request's first line and header, for ever."""
    with suppress(OSError):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nA: ")
        while not writer.is_closing():
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("manner", ["no handshake", "no request", "a request without an end", "one request"])
async def test_silent_clients_are_disconnected(
    manner: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    # One of them alone: a machine that is busy may take longer over the other.
    monkeypatch.setattr(listening, "HANDSHAKE" if manner == "no handshake" else "SILENCE", 0.2)
    async with served(tmp_path) as (port, tls), patience():
        secure = None if manner == "no handshake" else tls
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=secure)
        talking = asyncio.create_task(dribble(writer)) if manner.startswith("a ") else None
        if manner == "one request":
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        with suppress(ConnectionError):
            said = await reader.read()
            assert said.endswith(b"here") == (manner == "one request"), said
        if talking is not None:
            await talking
        writer.close()
    assert caplog.records == []
