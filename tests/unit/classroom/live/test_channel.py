"""A class's side of an app's connection."""

import socket
import sys
from pathlib import Path

import pytest

from runner.classroom.limits.allowance import Allowance
from runner.classroom.live.channel import AppConnection, listen_at
from runner.errors import WorkshopError
from runner.record.notice import Notice


class Said:
    """A line on which an app has said something."""

    unread = 0

    def __init__(self, *lines: bytes) -> None:
        self.left = list(lines)
        self.closed = False

    async def read(self) -> bytes:
        return self.left.pop(0) if self.left else b""

    def write(self, data: bytes) -> None:
        pass

    def close(self) -> None:
        self.closed = True


async def test_a_store_error_ends_the_connection_and_is_reported() -> None:
    """The app reconnects, and sends again the lines that were not taken in."""
    line, troubles = Said(b"one", b"two"), []

    def refuse(_line: bytes) -> tuple[Notice, ...]:
        raise WorkshopError("the record cannot be changed")

    await AppConnection(line, allowance=Allowance(1000, 1000), take=refuse, trouble=troubles.append).run()
    assert line.closed
    assert line.left == [b"two"]
    assert troubles == ["the record cannot be changed"]


async def test_a_socket_in_a_folder_that_is_closed_to_this_user_is_listened_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the box starter's is to a learner's server; asyncio of Python 3.13 looks at the path to remove it."""

    async def start(_hear: object, *, cleanup_socket: bool = True, **_options: object) -> str:
        if cleanup_socket:
            raise PermissionError(13, "Permission denied", str(tmp_path / "socket"))
        return "listening"

    async def hear(*_: object) -> None: ...

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        server = await listen_at(listener, hear)
        assert server.is_serving()
        server.close()
        monkeypatch.setattr("asyncio.start_unix_server", start)
        monkeypatch.setattr(sys, "version_info", (3, 13))
        assert str(await listen_at(listener, hear)) == "listening"
