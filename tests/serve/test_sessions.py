"""A session's environment and seat, and its end."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from runner.serve import session
from tests.serve import served_stub
from tests.serve.visiting import Visitor, heard
from tests.waiting import closed, patience, until


async def test_keys_and_size_reach_the_program(place):
    async with place() as served:
        socket = await (await served.learner()).connect()
        environment = (await heard(socket))["environment"]
        assert (environment["COLUMNS"], environment["ROWS"]) == ("90", "30")
        await socket.send_json(["stdin", "é\x1b[A"])
        assert await heard(socket) == {"D": "é\x1b[A"}
        await socket.send_json(["resize", {"width": 100, "height": 20}])
        resized = json.loads((await heard(socket))["M"])
        assert resized == {"type": "resize", "width": 100, "height": 20}


async def test_a_session_has_its_own_environment(place, monkeypatch):
    """The server's variables stay with the server, and its user's home too; where the engine is, is known."""
    monkeypatch.setenv("A_SECRET", "hush")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setenv("WORKSHOP_ENGINE_DIR", "/engine")
    async with place() as served:
        told = [await heard(await (await served.learner()).connect()) for _ in range(2)]
    for number, (environment, folder) in enumerate(((one["environment"], one["folder"]) for one in told), 1):
        assert "hush" not in environment.values()
        assert environment["HOME"] == folder == str(served.folder / str(number) / "home")
        assert environment["WORKSHOP_STATE_DIR"] == str(served.folder / str(number) / "state")
        assert environment["WORKSHOP_ENGINE_DIR"] == "/engine"
        assert environment["PATH"] == os.environ["PATH"]


async def test_no_more_sessions_than_seats(place):
    """One guest too many gets a message, on the page and on the connection, until another one leaves."""
    async with place(sessions=1) as served:
        first = await served.learner()
        socket = await first.connect()
        await heard(socket)
        second = served.visitor()
        assert "All sessions are taken (1)" in await second.enter(served.addresses[-1])
        with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
            await second.connect()
        await socket.close()
        await served.noted(2)
        async with patience():
            while (await second.get(second.room))[0] != 200:
                await asyncio.sleep(0.01)
        assert "environment" in await heard(await second.connect())


async def test_a_reload_goes_on_in_the_same_folder(place):
    """A learner's new connection takes over: the program before has ended when the next begins, in its folder."""
    async with place(sessions=1) as served:
        learner = await served.learner()
        before = await learner.connect()
        folder = (await heard(before))["folder"]
        closing = asyncio.create_task(closed(before))
        after = await learner.connect()
        await closing
        assert (await heard(after))["folder"] == folder
        first, second, third = served.notes
        assert second == first.replace("start", "end")
        assert third.startswith("start")


async def test_many_reloads_leave_one_session(place):
    """However connections of one learner overlap, their programs follow one another, and one is left."""
    async with place(sessions=1) as served:
        learner = await served.learner()
        sockets = await asyncio.gather(*(learner.connect() for _ in range(4)))
        waiting = [asyncio.create_task(closed(socket)) for socket in sockets]
        await until(
            lambda: sum(task.done() for task in waiting) == 3 and served.notes[-1].startswith("start")
        )
        *ended, _ = served.notes
        starts, ends = ended[::2], ended[1::2]
        assert ends == [note.replace("start", "end") for note in starts], "never two at once"
        for task in waiting:
            task.cancel()


async def test_a_session_ends_with_its_connection(place):
    async with place() as served:
        learner = await served.learner()
        socket = await learner.connect()
        await heard(socket)
        await socket.close()
        started, ended = await served.noted(2)
        assert ended == started.replace("start", "end")


async def test_a_session_that_does_not_end_is_killed(place, monkeypatch):
    monkeypatch.setattr(session, "PATIENCE", 0.2)
    async with place(manner="deaf") as served:
        socket = await (await served.learner()).connect()
        await heard(socket)
        pid = int(served.notes[0].split()[1])
        await socket.close()
        await until(lambda: not Path(f"/proc/{pid}").exists())


async def test_sessions_end_with_the_server(place):
    """They are asked to: one that is killed notes no end."""
    async with place() as served:
        # Held on to, so that it is the server that ends them.
        sockets = [await (await served.learner()).connect() for _ in range(2)]
        for socket in sockets:
            await heard(socket)
    assert sorted(note.split()[0] for note in served.notes) == ["end", "end", "start", "start"]


async def test_a_program_that_fails_is_reported(place, capsys):
    """The browser sees the session end, and the server says why."""
    async with place(manner="broken") as served:
        socket = await (await served.learner()).connect()
        await served.noted(1)
        await closed(socket)
    assert "it does not work" in capsys.readouterr().err


class Connection:
    """Stands in for a browser's connection."""

    closed = False

    async def send_bytes(self, data: bytes) -> None: ...

    async def send_str(self, text: str) -> None: ...

    async def close(self) -> None:
        self.closed = True


async def test_a_program_that_ends_before_anyone_listens_ends_the_connection_too(tmp_path: Path):
    connection = Connection()
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    one = session.Session(["false"], environment=home, log=tmp_path / "log", socket=connection)
    process = await one._open_app_process()
    await process.wait()
    await until(process.stdout.at_eof)
    await one.run()
    assert connection.closed
    await one.stop()


SERVE = """
import sys
from pathlib import Path
from urllib.parse import urlsplit
from runner.serve.run import serve
serve(sys.argv[2:], host="127.0.0.1", port=0, sessions=1, folder=Path(sys.argv[1]))
"""


async def test_sessions_end_with_a_killed_server(tmp_path: Path):
    """After kill -9 each session gets a signal to end, so that it removes its containers."""
    notes = tmp_path / "notes"
    stub = [sys.executable, served_stub.__file__, str(notes), "deaf"]
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(tmp_path / "served"), *stub], stdout=subprocess.PIPE, text=True
    )
    try:
        address = server.stdout.readline().strip()
        visitor = Visitor(address.partition("/?")[0])
        await visitor.enter(address)
        await heard(await visitor.connect())
        server.send_signal(signal.SIGKILL)
        await until(lambda: "told" in notes.read_text())
        await visitor.close()
    finally:
        server.kill()
        server.stdout.close()
        server.wait()


async def test_a_full_disk_is_reported_and_the_next_try_counts(place, caplog, capfd):
    async with place() as served:
        (served.folder / "1").touch()
        status, page = await served.visitor().get(served.addresses[0].removeprefix(served.origin))
        assert (status, "Free some space" in page) == (503, True)
        (served.folder / "1").unlink()
        learner = await served.learner()
        (served.folder / "1/home").touch()
        await closed(await learner.connect())
        assert "a session cannot begin" in capfd.readouterr().err
        (served.folder / "1/home").unlink()
        assert "environment" in await heard(await learner.connect())
    assert not caplog.records
