"""The instructor's screen in a browser, only for a person who came in with the instructor's code."""

import secrets
from functools import partial
from html import escape
from pathlib import Path

from aiohttp import web

from runner.classroom.browser import show
from runner.classroom.live.live_class import LiveClass
from runner.classroom.screens import Screens
from runner.language import tr
from runner.web import pages

PATH = "/screen"
_PAGE = Path(__file__).parent / "page"


class ScreenDoor:
    """Routes below `PATH`, which the caller must guard: they are for the instructor only."""

    def __init__(self, live: LiveClass, screens: Screens) -> None:
        self._live, self._screens = live, screens

    def routes(self) -> list[web.AbstractRouteDef]:
        """The routes; none if the class has no screen."""
        if not self._screens.there:
            return []
        return [
            web.get(PATH, self._page),
            web.get(f"{PATH}/ws/{{page}}", self._terminal),
            web.get(f"{PATH}/state/{{page}}", self._state),
        ]

    async def _page(self, request: web.Request) -> web.StreamResponse:
        foot = pages.template(_PAGE / "screen_foot.html")
        # Of several open pages, each gets the farewell of its own screen.
        page = secrets.token_hex(8)
        return pages.lasting(
            self._live.title,
            socket=f"wss://{request.host}{PATH}/ws/{page}",
            starting=tr("Opening the class's screen …"),
            ended=tr("The connection was lost. The class goes on; trying to come back to its screen …"),
            foot=foot.substitute(
                state=f"{PATH}/state/{page}",
                removed=escape(tr("This browser is not the instructor's any more. Join again.")),
                title=escape(self._live.title),
                own=escape(tr("your own session, for a demo")),
            ),
        )

    async def _state(self, request: web.Request) -> web.StreamResponse:
        if self._live.ended.is_set():
            over = tr("The class is over. Its record and your report are on the class's machine.")
            return web.json_response({"message": over})
        return web.json_response({"message": self._screens.farewell(request.match_info["page"])})

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        goes_on = tr("You have left the class's screen. The class goes on.")
        page = request.match_info["page"]
        return await show(request, partial(self._screens.shown, farewell=goes_on, page=page))
