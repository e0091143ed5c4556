"""A connection outlives its session: permission is checked each time."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from runner.classroom.limits.failure_limit import FailureLimit
from runner.terminal.size import Size
from tests.unit.classroom.live_class import CODE, FakeDoor, Held, holding

pytest.importorskip("asyncssh")
import asyncssh

from runner.classroom.gateway import ssh
from runner.teaching.control import EndClass
from tests.waiting import until


class Connection:
    """A fake of the questions to a server's connection."""

    def __init__(self) -> None:
        self.info: dict[str, Any] = {"connection": self}
        self.closed = False

    def set_extra_info(self, **more: Any) -> None:
        self.info |= more

    def get_extra_info(self, name: str) -> Any:
        return self.info.get(name)

    def send_auth_banner(self, text: str) -> None: ...

    def close(self) -> None:
        self.closed = True


class Process:
    """A channel of it."""

    term_type, term_size = "xterm", (80, 24, 0, 0)

    def __init__(self, connection: Connection) -> None:
        self.get_extra_info = connection.get_extra_info
        self.shown = b""
        self.stdout = SimpleNamespace(write=self._write, drain=self._drain)
        self.channel = SimpleNamespace(abort=self._abort)
        self.ended = self.aborted = self.lost = False

    def _write(self, data: bytes) -> None:
        self.shown += data

    async def _drain(self) -> None:
        if self.lost:
            raise asyncssh.ConnectionLost("Connection lost")

    def _abort(self) -> None:
        self.aborted = True

    def exit(self, _status: int) -> None:
        self.ended = True


def connected(held: Held, name: str, word: str) -> Connection:
    """A connection that was let in."""
    connection = Connection()
    server = ssh._Server(held.live.roll, FailureLimit(10, 60.0))
    server.connection_made(connection)  # type: ignore[arg-type]
    assert server.validate_password(name, word)
    return connection


async def test_a_removed_learners_connection_gets_no_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "_LINGER_SECONDS", 0)
    async with holding(tmp_path) as held:
        connection = connected(held, "Bob", held.bob.word)
        await held.live.remove(held.bob, "")
        eve, _ = held.live.roll.enter("Eve", CODE)
        assert eve.number == held.bob.number
        held.live.place(eve)
        process = Process(connection)
        await ssh._session(process, held.live)  # type: ignore[arg-type]
        assert b"not in this class any more" in process.shown
        assert held.bob.word.encode() not in process.shown, "it does not let them in again"
        assert process.ended
        assert held.live.place(eve).terminal is None
        await until(lambda: connection.closed)


async def test_a_connection_is_closed_with_its_last_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh, "_LINGER_SECONDS", 0)
    async with holding(tmp_path) as held:
        connection = connected(held, "Bob", held.bob.word)
        processes = [Process(connection), Process(connection)]
        first, second = (ssh._SshDoor(process, held.bob, held.live) for process in processes)  # type: ignore[arg-type]
        await first.leave("Your session was opened elsewhere.")
        first._hang_up()
        assert not connection.closed, "the other one is shown by the same connection"
        await second.leave("The class is over.")
        await until(lambda: connection.closed)
        assert all(held.bob.word.encode() in process.shown for process in processes), "how to come back"


async def test_a_password_leaves_no_secret(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        before = json.loads((tmp_path / "roll.json").read_bytes())["secrets"]
        for _ in range(3):
            connected(held, "Bob", held.bob.word)
        assert json.loads((tmp_path / "roll.json").read_bytes())["secrets"] == before


async def test_a_client_that_is_lost_while_it_takes_nothing_ends_no_session(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        inner = held.terminal(held.bob.number)
        process = Process(connected(held, "Bob", held.bob.word))
        process.lost = True
        door = ssh._SshDoor(process, held.bob, held.live)  # type: ignore[arg-type]
        await held.live.sit(held.bob, door, Size(80, 24))
        inner.send(b"much")
        await until(lambda: process.aborted)
        later = FakeDoor()
        await held.live.sit(held.bob, later, Size(80, 24))
        inner.send(b"more")
        await until(lambda: later.seen == b"more")


async def test_a_class_ends_also_where_a_client_is_lost(tmp_path: Path) -> None:
    async with holding(tmp_path) as held:
        held.terminal(held.bob.number)
        process = Process(connected(held, "Bob", held.bob.word))
        process.lost = True
        await held.live.sit(held.bob, ssh._SshDoor(process, held.bob, held.live), Size(80, 24))  # type: ignore[arg-type]
        await held.desk.do(EndClass(""))
        assert held.live.ended.is_set()
        assert process.aborted
