"""The socket at which an app of this machine finds its class."""

import asyncio
import base64
import hashlib
import os
import re
import socket
import ssl
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from runner.classroom.certificate import make
from runner.classroom.joining.found_class import FoundClass
from runner.classroom.joining.membership import Membership
from runner.classroom.joining.relay import _back, relaying
from runner.classroom.line import MOST_UNREAD
from runner.errors import WorkshopError
from tests.classroom.visiting import connected_to


def test_a_socket_that_cannot_be_made_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its path is longer than one may be."""
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    found = FoundClass("https://class.example", None)
    with (
        pytest.raises(WorkshopError, match="cannot make a socket") as refused,
        relaying(found, Membership("", "", "", "")),
    ):
        pass
    assert "TMPDIR" in refused.value.remedy
    assert [path for path in deep.rglob("*") if path.name != f"seccomp-workshop-{os.getuid()}"] == []


class DeafApp:
    """An app that reads nothing."""

    def __init__(self) -> None:
        self.unread, self.closed = 0, False

    async def read(self) -> bytes:
        return b""

    def write(self, data: bytes) -> None:
        self.unread += len(data)

    def close(self) -> None:
        self.closed = True


async def test_an_app_that_reads_nothing_is_let_go() -> None:
    async def notices() -> AsyncIterator[aiohttp.WSMessage]:
        for _ in range(100):
            yield aiohttp.WSMessage(aiohttp.WSMsgType.TEXT, "x" * (MOST_UNREAD // 10), None)

    app = DeafApp()
    await _back(notices(), app)  # type: ignore[arg-type]
    assert app.closed
    assert app.unread <= 1.1 * MOST_UNREAD


def tls(folder: Path) -> tuple[ssl.SSLContext, bytes]:
    """The TLS context of a class, and its certificate as it is shown."""
    certificate, key = make(["127.0.0.1"])
    (folder / "both.pem").write_bytes(certificate + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context, ssl.PEM_cert_to_DER_cert(certificate.decode())


async def slow_class(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Opens a websocket, ends it when the other side does, and takes its time for the end of TLS."""
    request = await reader.readuntil(b"\r\n\r\n")
    key = re.search(rb"Sec-WebSocket-Key: (\S+)", request, re.IGNORECASE)
    assert key is not None
    accepted = hashlib.sha1(key[1] + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11", usedforsecurity=False).digest()
    answer = [
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: " + base64.b64encode(accepted),
    ]
    writer.write(b"\r\n".join(answer) + b"\r\n\r\n")
    await reader.read(100)
    end = b"\x88\x02\x03\xe8"
    writer.write(end)
    # The whole other side does nothing.
    time.sleep(0.3)
    writer.close()


async def test_nothing_of_a_connection_is_left_at_its_end(tmp_path: Path) -> None:
    context, certificate = tls(tmp_path)
    server = await asyncio.start_server(slow_class, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    found = FoundClass(f"https://127.0.0.1:{port}", certificate)

    def come_and_go() -> None:
        with relaying(found, Membership("", "", "", "")) as path, socket.socket(socket.AF_UNIX) as app:
            app.connect(str(path))
            app.shutdown(socket.SHUT_WR)
            assert app.recv(1) == b""

    await asyncio.to_thread(come_and_go)
    assert not connected_to(port)
    server.close()
