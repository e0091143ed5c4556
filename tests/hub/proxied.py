"""JupyterHub behind its proxy, with boxes of this machine, as a program from outside."""

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.hub import boxes
from tests.waiting import patience

_HERE = Path(__file__).parent
_NODE = Path(sys.prefix, "node/node_modules/.bin")
PROXY = shutil.which("configurable-http-proxy", path=f"{os.environ['PATH']}:{_NODE}")
PASSWORD, ADMIN_PASSWORD = "let-me-in-please", "let-me-in-for-all-and-everything"
ADMIN = "root"


def password_of(name: str) -> str:
    return ADMIN_PASSWORD if name == ADMIN else PASSWORD


@dataclass
class Hub:
    """A Hub that runs."""

    origin: str
    log: Path

    def filled_in(self, name: str) -> str:
        """A script that fills in the form of the page at which one logs in."""
        values = {"username": name, "password": password_of(name)}
        fill = "".join(
            f"document.querySelector('[name={key}]').value = {json.dumps(value)};"
            for key, value in values.items()
        )
        return f"{fill} document.querySelector('form').submit()"


class Client:
    """Somebody's browser, as far as it matters: a cookie jar, and frames of the terminal."""

    def __init__(self, hub: Hub, session: aiohttp.ClientSession) -> None:
        self._hub, self._session = hub, session

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self._session.get(self._hub.origin + path, headers=headers) as answer:
            return answer.status, await answer.text()

    async def post(self, path: str, origin: str, **form: str) -> int:
        headers = {"Origin": origin}
        async with self._session.post(self._hub.origin + path, data=form or None, headers=headers) as answer:
            return answer.status

    async def log_in(self, name: str) -> None:
        """Tell the Hub who they are."""
        _, page = await self.get("/hub/login")
        found = re.search(r'name="_xsrf" value="([^"]+)"', page)
        assert found, page
        form = {"username": name, "password": password_of(name), "_xsrf": found[1]}
        assert await self.post("/hub/login", self._hub.origin, **form) == 200

    async def page(self, path: str) -> str:
        """The page there, as soon as its server has started."""
        async with patience():
            while True:
                status, page = await self.get(path)
                if status == 200 and "textual-terminal" in page:
                    return page
                await asyncio.sleep(0.2)

    async def connect(self, path: str, origin: str | None = None) -> int | aiohttp.ClientWebSocketResponse:
        """The connection of a terminal, or the status with which it is refused."""
        headers = {"Origin": self._hub.origin if origin is None else origin}
        try:
            return await self._session.ws_connect(
                f"{self._hub.origin}{path}?width=80&height=24", headers=headers
            )
        except aiohttp.WSServerHandshakeError as error:
            return error.status


@asynccontextmanager
async def client(hub: Hub) -> AsyncIterator[Client]:
    # The proxy ends a connection over which it was asked for another protocol and said no.
    connector = aiohttp.TCPConnector(force_close=True)
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, connector=connector) as session:
        yield Client(hub, session)


@asynccontextmanager
async def running(folder: Path, record: str) -> AsyncIterator[Hub]:
    """A Hub whose learners' boxes run a small program; `record` is where events are kept."""
    starter = folder / "run/boxes.sock"
    given = {
        "public": f"http://127.0.0.1:{_free()}/",
        "hub_port": _free(),
        "proxy_port": _free(),
        "dashboard": f"http://127.0.0.1:{_free()}",
        "proxy": [PROXY],
        "pid_file": str(folder / "proxy.pid"),
        "password": PASSWORD,
        "admin_password": ADMIN_PASSWORD,
        "starter": str(starter),
        "record": record,
    }
    log = folder / "hub.log"
    async with (
        _process(
            *(sys.executable, boxes.__file__, str(folder / "room"), str(starter)),
            log=folder / "boxes.log",
        ) as started,
        _process(
            *(sys.executable, "-m", "jupyterhub", "-f", str(_HERE / "jupyterhub_config.py")),
            log=log,
            WORKSHOP_TEST_HUB=json.dumps(given),
        ),
    ):
        assert started.stdout is not None
        async with patience():
            assert await started.stdout.readline() == b"ready\n", (folder / "boxes.log").read_text()
        origin = given["public"].rstrip("/")
        await _answers(f"{origin}/hub/login", log)
        yield Hub(origin, log)


@asynccontextmanager
async def _process(*words: str, log: Path, **variables: str) -> AsyncIterator[Process]:
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=said,
            cwd=log.parent,
            env={**os.environ, "PYTHONPATH": str(Path.cwd()), **variables},
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        assert process.stdout is not None
        await process.stdout.read()
        await process.wait()


async def _answers(address: str, log: Path) -> None:
    try:
        async with patience(), aiohttp.ClientSession() as session:
            while True:
                try:
                    async with session.get(address) as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.2)
    except TimeoutError:
        raise AssertionError(log.read_text()) from None


def _free() -> int:
    """A port that is free now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
