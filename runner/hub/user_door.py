"""A learner's page and terminal connection, below the path that the Hub assigned."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path

from aiohttp import web

from runner.classroom.browser import BrowserDoor, seated, show
from runner.classroom.live.live_class import LiveClass
from runner.classroom.live.terminal import Terminal
from runner.errors import WorkshopError
from runner.hub.door import HubDoor
from runner.hub.login import Login
from runner.hub.owner import Owner
from runner.hub.settings import HubSettings
from runner.language import tr
from runner.terminal.size import Size
from runner.web import pages

_FOOT = Path(__file__).parent / "page/foot.html"


class UserDoor(HubDoor):
    """The learner's session, for that learner only."""

    def __init__(self, live: LiveClass, owner: Owner, settings: HubSettings, login: Login) -> None:
        super().__init__(settings, login)
        self._live, self._owner = live, owner
        self._hub = login.hub
        self.active = time.time()
        """The time of the learner's last input, in seconds since the epoch."""

    def routes(self) -> list[web.AbstractRouteDef]:
        """The page, its connection, and the requests that it makes."""
        prefix = self.settings.prefix
        return [
            web.get(prefix, self._page),
            web.get(f"{prefix}state", self._state),
            web.post(f"{prefix}again", self._again),
            web.get(f"{prefix}ws", self._terminal),
        ]

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        name, home = escape(self._owner.learner.name), escape(f"{self._hub}home")
        return pages.lasting(
            self._live.title,
            socket=self.settings.socket,
            starting=tr("Starting your session …"),
            ended=tr("The connection was lost. Your session goes on; trying to come back to it …"),
            foot=pages.template(_FOOT).substitute(
                name=name,
                home=home,
                hub=escape(tr("the Hub")),
                again=escape(tr("My session hangs: restart it")),
                # The Hub may answer in this server's place by the time that the page asks.
                removed=escape(tr("This session is not yours any more. Log in at the Hub again.")),
            ),
        )

    async def _state(self, _request: web.Request) -> web.StreamResponse:
        learner = self._owner.learner
        if not self._owner.has(learner):
            return web.json_response({"message": _taken_out()})
        return web.json_response({"message": self._live.place(learner).message})

    async def _again(self, _request: web.Request) -> web.StreamResponse:
        try:
            await self._live.again(self._owner.learner)
        except (TimeoutError, WorkshopError):
            return pages.message(
                503, tr("It does not end"), tr("Your session does not end. Tell the instructor.")
            )
        return pages.message(200, tr("Restarting"), tr("One moment …"), onward=self.settings.prefix)

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        @asynccontextmanager
        async def shown(door: BrowserDoor, size: Size) -> AsyncIterator[Terminal]:
            async with (
                seated(self._live, self._owner.learner, door, size) as terminal,
                self.watched(request, door),
            ):
                yield terminal

        return await show(request, shown, lively=self._note_activity)

    def _note_activity(self) -> None:
        self.active = time.time()


def _taken_out() -> str:
    return tr(
        "The instructor has taken you out of the class. To come back, start your server again at the Hub's page."
    )
