"""The web server: nothing starts for a request that lacks its own page's origin or cookie."""

import asyncio
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from runner.serve.admission import Admission, Guest
from runner.serve.environment import session_environment
from runner.serve.seats import NoSeatError, Seats
from runner.serve.session import Session
from runner.terminal.size import Size
from runner.web import pages
from runner.web.guard import Handler, require_host, same_origin
from runner.web.messages import Focus, Keys
from runner.web.socket import messages, number, opened, size_of

_PAGE = Path(__file__).parent / "page"
_LARGEST_FRAME = 4 << 20
_ENTRANCE = "/entrance.js"
_GUEST: web.RequestKey[Guest] = web.RequestKey("guest", Guest)
_STRANGER = (
    "This page is for browsers that were let in. Open the address that `workshop serve` printed last in its terminal; "
    "each works once."
)
_ELSEWHERE = (
    "This workshop is at {origin}. Open the address exactly as it was printed; "
    "to come through SSH, forward the same port."
)
_FOREIGN = "The request came from another page than the workshop's own."
_NO_ROOM = (
    "This machine cannot keep what you would do: {why}. Free some space, and open the same address again."
)
_FULL = (
    "All sessions are taken ({limit}). Close another one, or start `workshop serve` with a larger --sessions."
)


class WorkshopServer:
    """Serves sessions of `command` at `origin`, such as http://127.0.0.1:8000.

    Everything but the entrance lies below a folder with a secret name: cookies are sent to every port of a host, but
    only to their paths, so other servers of this machine do not get to see ours. A browser that was let in keeps the
    name in its local storage, which no other port can read, and finds its way from the entrance.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        origin: str,
        admission: Admission,
        seats: Seats,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._argv = command
        self._origin = origin
        self._admission = admission
        self._seats = seats
        self._environ = environ
        self._room = f"/{secrets.token_urlsafe(16)}/"
        self._cookie = f"workshop-{urlsplit(origin).port}"

    def application(self) -> web.Application:
        """The server as an aiohttp application."""
        here = require_host({urlsplit(self._origin).netloc}, _ELSEWHERE.format(origin=self._origin))
        app = web.Application(middlewares=[here, self._guard])
        app.add_routes(
            [
                # A request that only looks at the address does not use it up.
                web.get("/", self._enter, allow_head=False),
                web.get(_ENTRANCE, self._entrance_script),
                web.get(self._room, self._page),
                web.get(f"{self._room}ws", self._connect),
                web.static(f"{self._room}serve", _PAGE),
                *pages.assets(self._room),
            ]
        )
        app.on_response_prepare.append(self._harden)
        app.on_shutdown.append(self._end)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in {"/", _ENTRANCE}:
            return await handler(request)
        guest = self._admission.guest(request.cookies.get(self._cookie, ""))
        if guest is None:
            return pages.message(403, "Not let in", _STRANGER)
        request[_GUEST] = guest
        return await handler(request)

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        try:
            secret = self._admission.enter(request.query.get("token", ""))
        except OSError as error:
            return pages.message(503, "No room", _NO_ROOM.format(why=error.strerror))
        if secret is None:
            return pages.message(403, "Not let in", _STRANGER, script=_ENTRANCE)
        # Not a redirect: one that began on another site would not carry a strict cookie.
        response = pages.message(200, "Welcome", "One moment …", onward=self._room)
        response.set_cookie(self._cookie, secret, path=self._room, httponly=True, samesite="Strict")
        return response

    async def _entrance_script(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(_PAGE / "entrance.js")

    async def _page(self, request: web.Request) -> web.StreamResponse:
        if not self._seats.has_room(request[_GUEST]):
            return self._full()
        socket = f"ws{self._origin.removeprefix('http')}{self._room}ws"
        return pages.terminal(
            "Workshop",
            socket=socket,
            starting="Starting the workshop …",
            ended="The session has ended. What you did is kept.",
            font_size=number(request, "fontsize", 16),
            scripts=["serve/room.js"],
        )

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        """Run a session while the browser stays connected."""
        if not same_origin(request, self._origin):
            raise web.HTTPForbidden(text=_FOREIGN)
        guest = request[_GUEST]
        came: asyncio.Future[web.WebSocketResponse | None] = asyncio.get_running_loop().create_future()

        async def leave() -> None:
            if (socket := await asyncio.shield(came)) is not None:
                await socket.close()

        try:
            async with self._seats.taken(guest, leave):
                try:
                    came.set_result(socket := await opened(request, largest=_LARGEST_FRAME))
                finally:
                    if not came.done():
                        came.set_result(None)
                await self._run(socket, guest, size_of(request))
        except NoSeatError:
            raise web.HTTPServiceUnavailable(text=_FULL.format(limit=self._seats.limit)) from None
        return socket

    async def _run(self, socket: web.WebSocketResponse, guest: Guest, size: Size) -> None:
        try:
            environment = session_environment(self._environ, guest.folder)
        except OSError as error:
            print(f"workshop: a session cannot begin: {error}", file=sys.stderr, flush=True)
            await socket.close()
            return
        log = guest.folder / "session.log"
        session = Session(self._argv, environment=environment, log=log, socket=socket)
        try:
            await session.start(size.columns, size.rows)
            await _pass_on(socket, session)
        except ConnectionError:
            # The browser left while data was being sent to it.
            pass
        finally:
            await session.stop()
            if session.complaint:
                print(f"workshop: a session failed:\n{session.complaint}", file=sys.stderr, flush=True)

    def _full(self) -> web.Response:
        return pages.message(503, "No seat left", _FULL.format(limit=self._seats.limit))

    async def _harden(self, _request: web.Request, response: web.StreamResponse) -> None:
        pages.set_security_headers(response, socket=f"ws{self._origin.removeprefix('http')}")

    async def _end(self, _app: web.Application) -> None:
        await self._seats.clear()


async def _pass_on(socket: web.WebSocketResponse, session: Session) -> None:
    async for message in messages(socket):
        match message:
            case Keys(data):
                await session.send_bytes(data)
            case Size(columns, rows):
                await session.set_terminal_size(columns, rows)
            case Focus(here=True):
                await session.focus()
            case Focus():
                await session.blur()
