"""The dashboard: the instructor's screen in a browser, as a JupyterHub service for people whose roles allow it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from aiohttp import web

from runner import language
from runner.classroom.browser import BrowserDoor, show
from runner.classroom.live.terminal import Terminal
from runner.classroom.screens import Screens
from runner.hub.door import HubDoor
from runner.hub.login import USER, Login, hub_oauth
from runner.hub.serving import run_program, served, until_told
from runner.hub.settings import HubSettings
from runner.language import tr
from runner.terminal.size import Size
from runner.web import pages

_SCREEN = "runner.cli.teach.hub_screen"
"""The program of the screen, named only: no widget is imported into the process that strangers reach."""
_MOST = 20
"""The largest number of screens at once; each takes 60 MB."""


class Dashboard(HubDoor):
    """A separate screen for each instructor, while they stay."""

    def __init__(self, settings: HubSettings, login: Login) -> None:
        super().__init__(settings, login)
        self._screens = Screens([_SCREEN], most=_MOST)

    def routes(self) -> list[web.AbstractRouteDef]:
        """The page and its connection."""
        prefix = self.settings.prefix
        return [web.get(prefix, self._page), web.get(f"{prefix}ws", self._terminal)]

    async def _page(self, _request: web.Request) -> web.StreamResponse:
        return pages.terminal(
            tr("{title}: dashboard", title=self.settings.title),
            socket=self.settings.socket,
            starting=tr("Starting the instructor's screen …"),
            ended=tr("The screen has ended. The class goes on."),
        )

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        @asynccontextmanager
        async def shown(door: BrowserDoor, size: Size) -> AsyncIterator[Terminal]:
            screen = self._screens.shown(
                door, size, farewell=tr("the screen has ended"), arguments=(request[USER],)
            )
            async with screen as terminal, self.watched(request, door):
                yield terminal

        return await show(request, shown)


async def run(environ: Mapping[str, str]) -> None:
    """Serve until the Hub ends it.

    Raises:
        UsageError: the environment lacks a setting.
    """
    settings = HubSettings.of(environ)
    language.use(settings.language)
    refusal = tr(
        "The dashboard is for those who teach. The Hub's administrator can give you the role that it needs."
    )
    # The Hub's roles give people the scope of this service; it has no owner.
    login = Login(hub_oauth(), settings, admits=lambda _name: True, refusal=refusal)
    told = until_told()
    async with served(Dashboard(settings, login).application(), settings):
        await told.wait()


if __name__ == "__main__":
    run_program(run)
