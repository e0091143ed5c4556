"""The base of every server behind the Hub: its path, its origin check, and its login."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import jupyterhub
from aiohttp import web

from runner.classroom.browser import BrowserDoor
from runner.hub.login import Login
from runner.hub.settings import HubSettings
from runner.language import tr
from runner.web import pages
from runner.web.guard import Handler, require_host, same_origin

RECHECK_SECONDS = 60.0
"""Seconds between two checks with the Hub that a connected person may stay."""


class HubDoor(ABC):
    """An aiohttp application below the path that the Hub has given it; the proxy before it has ended TLS."""

    def __init__(self, settings: HubSettings, login: Login) -> None:
        self.settings, self._login = settings, login

    @abstractmethod
    def routes(self) -> list[web.AbstractRouteDef]:
        """The routes for people who are let in."""

    def application(self) -> web.Application:
        """The application."""
        prefix = self.settings.prefix
        elsewhere = tr(
            "This workshop is at {place}. Open the address exactly as you were given it.",
            place=f"{self.settings.origin}{prefix}",
        )
        here = require_host({self.settings.host}, elsewhere)
        app = web.Application(middlewares=[here, self._own_pages, self._login.guard], client_max_size=1 << 16)
        app.add_routes([*self.routes(), *pages.assets(prefix)])
        app.on_response_prepare.append(self._harden)
        return app

    @asynccontextmanager
    async def watched(self, request: web.Request, door: BrowserDoor) -> AsyncIterator[None]:
        """While the block runs, close the connection once the person may no longer be here."""

        async def watch() -> None:
            while await self._login.still_admits(request):
                await asyncio.sleep(RECHECK_SECONDS)
            door.drop()

        def end(watching: asyncio.Task[None]) -> None:
            if not watching.cancelled() and (error := watching.exception()) is not None:
                # Anyone who cannot be checked any more has to come in anew.
                logging.getLogger(__name__).error(
                    "a connection is checked no more: %s", error, exc_info=error
                )
                door.drop()

        watching = asyncio.create_task(watch())
        watching.add_done_callback(end)
        try:
            yield
        finally:
            watching.cancel()

    @web.middleware
    async def _own_pages(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        asks_to_do = request.method not in {"GET", "HEAD"} or request.path.endswith("/ws")
        if asks_to_do and not same_origin(request, self.settings.origin):
            return pages.message(
                403, tr("Not from here"), tr("The request came from another page than this server's own.")
            )
        return await handler(request)

    async def _harden(self, _request: web.Request, response: web.StreamResponse) -> None:
        pages.set_security_headers(response, socket=self.settings.socket)
        # The Hub checks that its version and its servers' are compatible.
        response.headers["X-JupyterHub-Version"] = jupyterhub.__version__
