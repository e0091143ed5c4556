"""The socket at which an app of this machine finds its class."""

import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from runner.classroom.joining.found_class import FoundClass
from runner.classroom.joining.membership import Membership
from runner.classroom.joining.relay import _back, relaying
from runner.classroom.line import MOST_UNREAD
from runner.errors import WorkshopError


def test_a_socket_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
