"""A learner's page and their terminal's connection, below the path that the Hub has given them."""

import asyncio
import time
from html import escape
from pathlib import Path

from aiohttp import WSCloseCode, web

from runner.classroom.browser import BrowserDoor, hear
from runner.classroom.live.live_class import LiveClass
from runner.errors import WorkshopError
from runner.hub.login import Login
from runner.hub.owner import Owner
from runner.hub.surroundings import Surroundings
from runner.web import pages
from runner.web.guard import Handler, is_from, only_for
from runner.web.socket import opened, size_of

_FOREIGN = "The request came from another page than the learner's own."
_ELSEWHERE = "This workshop is at {place}. Open the address exactly as you were given it."
_FOOT = Path(__file__).parent / "page/foot.html"
RECHECK_SECONDS = 60.0
"""Between two questions to the Hub whether somebody who is connected still may be."""


class UserDoor:
    """The learner's session as an aiohttp application, for them alone."""

    def __init__(self, live: LiveClass, owner: Owner, surroundings: Surroundings, login: Login) -> None:
        self._live, self._owner = live, owner
        self._surroundings, self._login = surroundings, login
        self._hub = login.hub
        self.active = time.time()
        """When the learner has last done anything, in seconds since the epoch."""

    def application(self) -> web.Application:
        """The application; the proxy has ended TLS."""
        prefix = self._surroundings.prefix
        here = only_for(
            {self._surroundings.host}, _ELSEWHERE.format(place=f"{self._surroundings.origin}{prefix}")
        )
        app = web.Application(middlewares=[here, self._own_pages, self._login.guard], client_max_size=1 << 16)
        app.add_routes(
            [
                web.get(prefix, self._page),
                web.get(f"{prefix}state", self._state),
                web.post(f"{prefix}again", self._again),
                web.get(f"{prefix}ws", self._terminal),
                *pages.assets(prefix),
            ]
        )
        app.on_response_prepare.append(self._harden)
        return app

    @web.middleware
    async def _own_pages(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        asks_to_do = request.method not in {"GET", "HEAD"} or request.path.endswith("/ws")
        if asks_to_do and not is_from(request, self._surroundings.origin):
            return pages.message(403, "Not from here", _FOREIGN)
        return await handler(request)

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return pages.terminal(
            self._live.title,
            socket=self._surroundings.socket,
            starting="Starting your session …",
            ended="The connection was lost. Your session goes on; trying to come back to it …",
            styles=["page/lasting.css"],
            scripts=["page/lasting.js"],
            foot=pages.template(_FOOT).substitute(
                name=escape(self._owner.learner.name), home=escape(f"{self._hub}home")
            ),
        )

    async def _state(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"message": self._live.place(self._owner.learner).message})

    async def _again(self, _request: web.Request) -> web.StreamResponse:
        try:
            await self._live.again(self._owner.learner)
        except (TimeoutError, WorkshopError):
            return pages.message(503, "It does not end", "Your session does not end. Tell the instructor.")
        return pages.message(200, "Starting anew", "One moment …", onward=self._surroundings.prefix)

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        socket = await opened(request)
        door = BrowserDoor(socket, request.transport)
        try:
            terminal = await self._live.sit(self._owner.learner, door, size_of(request))
        except WorkshopError as error:
            self._live.place(self._owner.learner).message = f"{error} {error.remedy}".strip()
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return socket
        watching = asyncio.create_task(self._watch(request, door))
        try:
            await hear(socket, door, terminal, lively=self._note_activity)
        finally:
            watching.cancel()
            terminal.detach(door)
        return socket

    async def _watch(self, request: web.Request, door: BrowserDoor) -> None:
        """Close the connection of who may not be here any more."""
        while await self._login.still_admits(request):
            await asyncio.sleep(RECHECK_SECONDS)
        door.drop()

    def _note_activity(self) -> None:
        self.active = time.time()

    async def _harden(self, _request: web.Request, response: web.StreamResponse) -> None:
        pages.harden(response, socket=self._surroundings.socket)
