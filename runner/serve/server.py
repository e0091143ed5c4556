"""The web server: nothing starts for a request that is not from its own page with its own cookie."""

import asyncio
import os
import secrets
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMsgType, web
from textual_serve.app_service import AppService
from textual_serve.server import Server, to_int

from runner.serve.admission import Admission, Learner
from runner.serve.environment import session_environment
from runner.serve.seats import NoSeatError, Seats
from runner.serve.session import Session
from runner.terminal.size import Size
from runner.web import pages
from runner.web.messages import Focus, Keys, Ping, read_message

_ENTRANCE = "/entrance.js"
_LEARNER: web.RequestKey[Learner] = web.RequestKey("learner", Learner)
_STRANGER = (
    "This page is for browsers that were let in. Open the address that `workshop serve` printed last in its terminal; "
    "each works once."
)
_ELSEWHERE = (
    "This workshop is at {origin}. Open the address exactly as it was printed; "
    "to come through SSH, forward the same port."
)
_FOREIGN = "The request came from another page than the workshop's own."
_FULL = (
    "All sessions are taken ({limit}). Close another one, or start `workshop serve` with a larger --sessions."
)


class WorkshopServer(Server):
    """Serves sessions of `command` at `origin`, such as http://127.0.0.1:8000.

    All but the entrance lies below a folder with a secret name: cookies are sent to every port of a host, but
    only to the paths that they are for, so other servers of this machine do not get to see ours. A browser that was
    let in keeps the name in its local storage, which no other port can read, and finds its way from the entrance.
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
        super().__init__("", public_url=origin, title="Workshop")
        self._argv = command
        self._origin = origin
        self._admission = admission
        self._seats = seats
        self._environ = environ
        self._room = f"/{secrets.token_urlsafe(16)}/"
        self._cookie = f"workshop-{urlsplit(origin).port}"

    async def application(self) -> web.Application:
        """The server as an aiohttp application."""
        return await self._make_app()

    async def _make_app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard])
        app.add_routes(
            [
                # Anyone who only asks about the address does not use it up.
                web.get("/", self._enter, allow_head=False),
                web.get(_ENTRANCE, self._entrance_script),
                web.get(self._room, self._page),
                web.get(f"{self._room}ws", self.handle_websocket),
                web.static(f"{self._room}static", self.statics_path),
                web.static(f"{self._room}page", pages.FOLDER),
            ]
        )
        app.on_response_prepare.append(self._harden)
        app.on_shutdown.append(self._end)
        return app

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        # A page elsewhere whose name is made to lead here would be of one origin with us.
        if request.host != urlsplit(self._origin).netloc:
            return _message(403, "Not here", _ELSEWHERE.format(origin=self._origin))
        if request.path in {"/", _ENTRANCE}:
            return await handler(request)
        learner = self._admission.learner(request.cookies.get(self._cookie, ""))
        if learner is None:
            return _message(403, "Not let in", _STRANGER)
        request[_LEARNER] = learner
        return await handler(request)

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        secret = self._admission.enter(request.query.get("token", ""))
        if secret is None:
            return _message(403, "Not let in", _STRANGER, script=_ENTRANCE)
        # Not a redirect: one that began elsewhere would not carry a strict cookie.
        response = _message(200, "Welcome", "One moment …", onward=self._room)
        response.set_cookie(self._cookie, secret, path=self._room, httponly=True, samesite="Strict")
        return response

    async def _entrance_script(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(pages.FOLDER / "entrance.js")

    async def _page(self, request: web.Request) -> web.StreamResponse:
        if not self._seats.has_room(request[_LEARNER]):
            return self._full()
        socket = f"ws{self._origin.removeprefix('http')}{self._room}ws"
        size = to_int(request.query.get("fontsize", ""), 16)
        return _html(200, pages.session("Workshop", socket=socket, font_size=size))

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """Run a session for as long as the browser stays."""
        if request.headers.get("Origin") != self._origin:
            raise web.HTTPForbidden(text=_FOREIGN)
        learner = request[_LEARNER]
        socket = web.WebSocketResponse(heartbeat=15, timeout=2)
        try:
            await self._seat(request, learner, socket)
        except NoSeatError:
            raise web.HTTPServiceUnavailable(text=_FULL.format(limit=self._seats.limit)) from None
        except ConnectionError:
            # The browser has gone while something was on its way to them, or before that.
            if not socket.prepared:
                raise web.HTTPBadRequest(text="The connection has broken.") from None
        return socket

    async def _seat(self, request: web.Request, learner: Learner, socket: web.WebSocketResponse) -> None:
        opened = asyncio.Event()

        async def leave() -> None:
            await opened.wait()
            if socket.prepared:
                await socket.close()

        async with self._seats.taken(learner, leave):
            try:
                await socket.prepare(request)
            finally:
                opened.set()
            session = Session(
                self._argv,
                environment=session_environment(self._environ, learner.folder),
                log=learner.folder / "session.log",
                socket=socket,
            )
            try:
                size = Size.of(*(to_int(request.query.get(key, ""), 0) for key in ("width", "height")))
                await session.start(size.columns, size.rows)
                await self._process_messages(socket, session)
            finally:
                await session.stop()
                if session.complaint:
                    print(f"workshop: a session failed:\n{session.complaint}", file=sys.stderr, flush=True)

    async def _process_messages(self, websocket: web.WebSocketResponse, app_service: AppService) -> None:
        async for frame in websocket:
            try:
                message = read_message(frame.data if frame.type is WSMsgType.TEXT else "")
            except ValueError as error:
                # This is not the page; its session ends with the connection.
                await websocket.close(code=WSCloseCode.POLICY_VIOLATION, message=str(error).encode())
                return
            match message:
                case Keys(data):
                    await app_service.send_bytes(data)
                case Size(columns, rows):
                    await app_service.set_terminal_size(columns, rows)
                case Focus(here=True):
                    await app_service.focus()
                case Focus():
                    await app_service.blur()
                case Ping(value):
                    await websocket.send_json(["pong", value])

    def _full(self) -> web.Response:
        return _message(503, "No seat left", _FULL.format(limit=self._seats.limit))

    async def _harden(self, _request: web.Request, response: web.StreamResponse) -> None:
        pages.harden(response, socket=f"ws{self._origin.removeprefix('http')}")

    async def _end(self, _app: web.Application) -> None:
        await self._seats.clear()


def _message(status: int, title: str, text: str, *, onward: str = "", script: str = "") -> web.Response:
    return _html(status, pages.message(title, text, onward=onward, script=script))


def _html(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text, content_type="text/html")
