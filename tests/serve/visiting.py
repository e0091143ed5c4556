"""Visitors of a served workshop, and the notes of its stand-in."""

import json
import re
from pathlib import Path

import aiohttp

from tests.waiting import patience, until


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
        await until(lambda: len(self.notes) >= count)
        return self.notes

    async def close(self) -> None:
        for visitor in self._visitors:
            await visitor.close()


async def heard(socket: aiohttp.ClientWebSocketResponse) -> dict:
    """The next thing that a session's program says."""
    async with patience():
        return json.loads(await socket.receive_bytes())
