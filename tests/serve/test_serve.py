"""Who gets a session of the served workshop, and what becomes of it, with a stand-in for the workshop."""

import asyncio
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest

from runner.serve import session
from runner.serve.run import serving
from tests.serve import served_stub

SECONDS = 20


class Visitor:
    """A browser without the looks."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.room = ""
        self._sockets: list[aiohttp.ClientWebSocketResponse] = []

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.http.get(f"{self.origin}{path}", headers=headers) as response:
            return response.status, await response.text()

    async def enter(self, address: str) -> str:
        """Use an address as a browser does; the page that it leads to."""
        status, page = await self.get(address.removeprefix(self.origin))
        assert status == 200, page
        self.room = re.search(r"url=(/[^\"]+)", page)[1]
        return (await self.get(self.room))[1]

    async def connect(
        self, *, size: str = "width=90&height=30", **headers: str
    ) -> aiohttp.ClientWebSocketResponse:
        address = f"{self.origin}{self.room}ws?{size}"
        socket = await self.http.ws_connect(address, headers={"Origin": self.origin} | headers)
        self._sockets.append(socket)
        return socket

    async def close(self) -> None:
        for one in self._sockets:
            await one.close()
        await self.http.close()


class Place:
    """A server, those who visit it, and the notes that its sessions take."""

    def __init__(self, origin: str, addresses: list[str], notes: Path, folder: Path) -> None:
        self.origin = origin
        self.addresses = addresses
        self.folder = folder
        self._notes = notes
        self._visitors: list[Visitor] = []

    @property
    def notes(self) -> list[str]:
        return self._notes.read_text().splitlines() if self._notes.exists() else []

    def visitor(self) -> Visitor:
        self._visitors.append(Visitor(self.origin))
        return self._visitors[-1]

    async def learner(self) -> Visitor:
        """A visitor who was let in."""
        visitor = self.visitor()
        await visitor.enter(self.addresses[-1])
        return visitor

    async def noted(self, count: int) -> list[str]:
        """The notes once there are so many."""
        async with asyncio.timeout(SECONDS):
            while len(self.notes) < count:
                await asyncio.sleep(0.01)
        return self.notes

    async def close(self) -> None:
        for visitor in self._visitors:
            await visitor.close()


@pytest.fixture
def place(tmp_path: Path):
    """Serves: `async with place(sessions=1, manner="plain") as place`."""

    @asynccontextmanager
    async def place(*, sessions: int = 2, manner: str = "plain"):
        notes, folder, addresses = tmp_path / "notes", tmp_path / "served", []
        stub = [sys.executable, served_stub.__file__, str(notes), manner]
        found = None
        try:
            async with serving(
                stub, host="127.0.0.1", port=0, sessions=sessions, folder=folder, announce=addresses.append
            ) as origin:
                found = Place(origin, addresses, notes, folder)
                yield found
        finally:
            # Not before: the server has to end what visitors still use.
            if found is not None:
                await found.close()

    return place


async def heard(socket: aiohttp.ClientWebSocketResponse) -> dict:
    """The next thing that a session's program says."""
    return json.loads(await socket.receive_bytes(timeout=SECONDS))


async def closed(socket: aiohttp.ClientWebSocketResponse) -> None:
    """Wait until the server has closed the connection."""
    async with asyncio.timeout(SECONDS):
        while (await socket.receive()).type in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
            pass


async def test_strangers_are_told_what_to_do(place):
    """Without the address or the cookie there is nothing but a page that says where the address is."""
    async with place() as served:
        room = (await served.learner()).room
        for path in (
            "/",
            "/?token=",
            "/?token=guess",
            "/nothing",
            room,
            f"{room}ws",
            f"{room}static/js/textual.js",
        ):
            status, page = await served.visitor().get(path)
            assert status == 403, path
            assert "workshop serve" in page
        assert served.notes == []


async def test_an_address_works_once(place):
    """Who used it can go on, nobody else can come in by it, and there is another one for the next."""
    async with place() as served:
        first = served.addresses[0]
        async with served.visitor().http.head(first) as response:
            assert response.status in {403, 405}, "looking at an address does not use it up"
        learner = served.visitor()
        assert 'class="textual-terminal"' in await learner.enter(first)
        assert (await learner.get(learner.room))[0] == 200
        assert (await served.visitor().get(first.removeprefix(served.origin)))[0] == 403
        assert len(served.addresses) == 2
        await served.visitor().enter(served.addresses[1])


async def test_the_plain_address_leads_those_on_who_were_let_in(place):
    """By a script, since only that can tell a browser that was here; the page itself tells nobody where they are."""
    async with place() as served:
        learner = await served.learner()
        for path in ("/", served.addresses[0].removeprefix(served.origin)):
            status, page = await served.visitor().get(path)
            assert status == 403
            assert '<script src="/entrance.js"' in page
            assert learner.room not in page
        status, script = await served.visitor().get("/entrance.js")
        assert status == 200
        assert "localStorage" in script
        assert learner.room not in script


async def test_the_cookie_is_for_the_server_alone(place):
    """Scripts do not see it, other sites do not send it, and other servers of this machine do not get it."""
    async with place() as served:
        visitor = served.visitor()
        async with visitor.http.get(served.addresses[0]) as response:
            cookie = next(iter(response.cookies.values()))
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        assert len(cookie["path"]) > 20
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:1", "null", ""])
async def test_other_pages_start_nothing(place, origin):
    """A page of another origin gets no session, even from a browser that has the cookie."""
    async with place() as served:
        learner = await served.learner()
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await learner.connect(Origin=origin)
        assert served.notes == []


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "localhost", "127.0.0.1"])
async def test_another_name_for_this_machine_leads_nowhere(place, host):
    """A page whose name is made to lead here can neither use an address up nor start a session."""
    async with place() as served:
        path = served.addresses[0].removeprefix(served.origin)
        status, page = await served.visitor().get(path, Host=host)
        assert (status, "exactly as it was printed" in page) == (403, True)
        learner = await served.learner()
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await learner.connect(Host=host)
        assert served.notes == []


@pytest.mark.parametrize(
    "frame", ["", "nonsense", "{}", "[]", '["stdin"]', '["stdin", 1]', '["resize", {"width": "a"}]', b"\0"]
)
async def test_who_talks_nonsense_loses_the_session(place, caplog, frame):
    """The connection says so, and the server has nothing to complain of."""
    async with place() as served:
        socket = await (await served.learner()).connect()
        await heard(socket)
        await (socket.send_str(frame) if isinstance(frame, str) else socket.send_bytes(frame))
        await closed(socket)
        assert socket.close_code == aiohttp.WSCloseCode.POLICY_VIOLATION
        assert (await served.noted(2))[1].startswith("end")
    assert not caplog.records


async def test_what_is_no_request_is_not_worth_a_word(place, caplog):
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
async def test_a_handshake_that_is_none_is_refused(place, caplog, header, value):
    async with place() as served:
        reader, writer = await handshake(served, await served.learner(), **{header: value})
        assert b"400" in await reader.readline()
        writer.close()
        assert served.notes == []
    assert not caplog.records


@pytest.mark.parametrize("data", [b"\xff" * 40, b"\x81\x02hi"])
async def test_what_is_no_frame_ends_the_session(place, caplog, data):
    async with place() as served:
        reader, writer = await handshake(served, await served.learner())
        assert b"101" in await reader.readline()
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


async def test_a_session_has_an_environment_of_its_own(place, monkeypatch):
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
    """One too many is told so, by the page and by the connection, until somebody leaves."""
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
        async with asyncio.timeout(SECONDS):
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
        async with asyncio.timeout(SECONDS):
            while sum(task.done() for task in waiting) < 3 or not served.notes[-1].startswith("start"):
                await asyncio.sleep(0.01)
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
        async with asyncio.timeout(SECONDS):
            while Path(f"/proc/{pid}").exists():
                await asyncio.sleep(0.01)


async def test_sessions_end_with_the_server(place):
    async with place() as served:
        # Held on to, so that it is the server that ends them.
        sockets = [await (await served.learner()).connect() for _ in range(2)]
        for socket in sockets:
            await heard(socket)
        told = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - told < session.PATIENCE, "they are asked, not waited for"
    assert sorted(note.split()[0] for note in served.notes) == ["end", "end", "start", "start"]


async def test_a_program_that_fails_is_reported(place, capsys):
    """The browser sees the session end, and the server says why."""
    async with place(manner="broken") as served:
        socket = await (await served.learner()).connect()
        await served.noted(1)
        await closed(socket)
    assert "it does not work" in capsys.readouterr().err


SERVE = """
import sys
from pathlib import Path
from urllib.parse import urlsplit
from runner.serve.run import serve
serve(sys.argv[2:], host="127.0.0.1", port=0, sessions=1, folder=Path(sys.argv[1]))
"""


async def test_sessions_end_with_a_killed_server(tmp_path: Path):
    """After kill -9 each session is told to end, so that it puts its containers away."""
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
        async with asyncio.timeout(SECONDS):
            while "told" not in notes.read_text():
                await asyncio.sleep(0.01)
        await visitor.close()
    finally:
        server.kill()
        server.stdout.close()
        server.wait()
