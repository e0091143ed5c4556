"""A class that is held, and visitors who come to it from outside."""

import asyncio
import signal
import socket
import ssl
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import aiohttp

from runner.box.resources import ClassResources
from runner.pace import MACHINE
from runner.record.sqlite.store import SqliteStore
from tests.classroom import held
from tests.classroom.held import CODE
from tests.waiting import shows, until


class Client:
    """Somebody's browser, as far as it matters: a cookie jar, and frames of the terminal."""

    def __init__(self, port: int, session: aiohttp.ClientSession, tls: ssl.SSLContext) -> None:
        self.origin = f"https://127.0.0.1:{port}"
        self._session, self._tls = session, tls
        self._terminals: list[aiohttp.ClientWebSocketResponse] = []
        self._shown = b""

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self._session.get(self.origin + path, ssl=self._tls, headers=headers) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, origin: str | None = None, **form: str) -> aiohttp.ClientResponse:
        headers = {"Origin": self.origin if origin is None else origin}
        async with self._session.post(
            self.origin + path, data=form, headers=headers, ssl=self._tls
        ) as answer:
            await answer.read()
            return answer

    async def join(self, name: str, code: str = CODE) -> tuple[int, str]:
        answer = await self.post("/join", name=name, code=code)
        return answer.status, await answer.text()

    async def terminal(self, origin: str | None = None, path: str = "/ws") -> aiohttp.ClientWebSocketResponse:
        self._shown = b""
        opened = await self._session.ws_connect(
            f"{self.origin}{path}?width=90&height=20",
            ssl=self._tls,
            origin=self.origin if origin is None else origin,
            max_msg_size=0,
        )
        self._terminals.append(opened)
        return opened

    async def leave(self) -> None:
        """Close each terminal, which a session that is closed leaves as it is."""
        for opened in self._terminals:
            await opened.close()

    async def sees(self, socket: aiohttp.ClientWebSocketResponse, wanted: str) -> str:
        """The output before `wanted`, as soon as that is there."""
        shown = await shows(socket, wanted, self._shown)
        before, _, self._shown = shown.partition(wanted.encode())
        return before.decode()

    async def type(self, socket: aiohttp.ClientWebSocketResponse, text: str) -> None:
        await socket.send_json(["stdin", text])


class Class:
    """The class that is held."""

    def __init__(self, folder: Path, port: int, ssh: int, process: Process) -> None:
        self.resources, self.port, self.ssh, self.process = ClassResources.under(folder), port, ssh, process
        self.tls = ssl.create_default_context(cafile=str(self.resources.settings / "certificate.pem"))

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            client = Client(self.port, session, self.tls)
            try:
                yield client
            finally:
                await client.leave()

    def programs(self) -> set[int]:
        """The process ids of the gateway and of the screens that it shows."""
        folders = self.resources.gateway_group.folders
        return {int(pid) for folder in folders for pid in (folder / "cgroup.procs").read_text().split()}

    def gateway(self) -> int:
        """The process id of the gateway, while it shows no screen."""
        (pid,) = self.programs()
        return pid

    def record(self) -> list[tuple[str, str]]:
        """The recorded events so far, with their learners."""
        store = SqliteStore(self.resources.own / "class.sqlite3")
        try:
            return [(event.learner, event.happening.kind) for _, event in store.after(0)]
        finally:
            store.close()


@asynccontextmanager
async def holding(folder: Path, port: int = 0) -> AsyncIterator[Class]:
    """A class in a folder, held by a separate process until the block ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", held.__name__, str(folder), str(port)), stdout=PIPE
    )
    assert process.stdout is not None
    try:
        said = (await asyncio.wait_for(process.stdout.readline(), MACHINE.stretched(60))).split()
        assert said[:1] == [b"ready"], (folder / "run/gateway.log").read_text()
        yield Class(folder, int(said[1]), int(said[2]), process)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), MACHINE.stretched(30))
    # A terminal that the class has ended waits for the end of TLS, beyond its session's end.
    await until(lambda: not connected_to(int(said[1])))
    assert list(Path("/sys/fs/cgroup").glob(f"*/{ClassResources.under(folder)._group.name}")) == []


def connected_to(port: int) -> bool:
    """True if this process still has a connection to a port."""
    for fd in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            looked_at = socket.socket(fileno=int(fd.name))
            try:
                if looked_at.family == socket.AF_INET and looked_at.getpeername()[1] == port:
                    return True
            finally:
                looked_at.detach()
    return False
