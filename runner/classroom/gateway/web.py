"""The class's door for browsers, and for machines that join with an engine of their own; always over TLS."""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from html import escape
from pathlib import Path
from typing import TypeVar

from aiohttp import WSCloseCode, WSMsgType, web

from runner.classroom.browser import BrowserDoor, hear
from runner.classroom.limits.tries import Tries
from runner.classroom.live.live_class import LiveClass
from runner.classroom.live.people import Learner
from runner.classroom.live.roll import RefusedError, Roll
from runner.errors import WorkshopError, printable
from runner.pace import MACHINE
from runner.record.wire import LONGEST_LINE
from runner.web import pages
from runner.web.guard import Handler, is_from, only_for
from runner.web.listening import SILENCE
from runner.web.socket import opened, size_of

COOKIE = "__Host-workshop"
"""A browser takes a cookie of such a name only over TLS, from this host and for all of its paths."""
_PAGE = Path(__file__).parent / "page"
_OPEN = frozenset({"/", "/join", "/enter"})
_PUBLIC = frozenset({"/class/join.css", "/class/join.js"})
_LEARNER: web.RequestKey[Learner] = web.RequestKey("learner", Learner)
_NO_COOKIE = "You are not in this class. Open the address that the instructor shows, and join."
_FOREIGN = "The request came from another page than the class's own."
_Body = TypeVar("_Body")
_NO_REQUEST = "That is not what the class's page or `workshop join` sends."
_ELSEWHERE = "This class is at {place}. Open the address exactly as the instructor shows it."


class WebDoor:
    """The class as an aiohttp application, for requests that name one of `hosts` (with the port, if it is not 443)."""

    def __init__(self, live: LiveClass, roll: Roll, *, hosts: Sequence[str], tries: Tries) -> None:
        self._live, self._roll = live, roll
        self._hosts = frozenset(hosts)
        self._shown = hosts[0]
        self._tries = tries

    def application(self) -> web.Application:
        """The application, to be served over TLS."""
        here = only_for(self._hosts, _ELSEWHERE.format(place=f"https://{self._shown}/"))
        app = web.Application(middlewares=[here, self._guard], client_max_size=1 << 16)
        app.add_routes(
            [
                web.get("/", self._front),
                web.post("/join", self._join),
                web.post("/enter", self._enter),
                web.get("/state", self._state),
                web.post("/again", self._again),
                web.get("/ws", self._terminal),
                web.get("/events", self._events),
                web.static("/class", _PAGE),
                *pages.assets("/"),
            ]
        )
        app.on_response_prepare.append(self._harden)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method not in {"GET", "HEAD"} and not _is_own(request) and request.path != "/enter":
            return pages.message(403, "Not from here", _FOREIGN)
        learner = self._who(request)
        if learner is not None:
            request[_LEARNER] = learner
        elif request.path not in _OPEN and request.path not in _PUBLIC:
            return pages.message(403, "Not in this class", _NO_COOKIE)
        return await handler(request)

    def _who(self, request: web.Request) -> Learner | None:
        given = request.headers.get("Authorization", "")
        secret = (
            given.removeprefix("Bearer ") if given.startswith("Bearer ") else request.cookies.get(COOKIE, "")
        )
        return self._roll.known(secret) if secret else None

    async def _front(self, request: web.Request) -> web.StreamResponse:
        learner = request.get(_LEARNER)
        if learner is None:
            return self._join_page(200)
        foot = pages.template(_PAGE / "foot.html")
        return pages.terminal(
            self._live.title,
            socket=f"wss://{request.host}/ws",
            starting="Starting your session …",
            ended="The connection was lost. Your session goes on; trying to come back to it …",
            styles=["page/lasting.css"],
            scripts=["page/lasting.js"],
            foot=foot.substitute(name=escape(learner.name), word=escape(learner.word)),
        )

    async def _join(self, request: web.Request) -> web.StreamResponse:
        form = await _read(request.post())
        name, code = (printable(str(form.get(field, ""))) for field in ("name", "code"))
        try:
            _, secret = self._let_in(request, name, code, mirror=form.get("mirror") == "yes")
        except RefusedError as error:
            return self._join_page(403, name=name, refusal=f"{error} {error.remedy}")
        # Not a redirect: one that began elsewhere would not carry a strict cookie.
        response = pages.message(200, "Welcome", "One moment …", onward="/")
        response.set_cookie(COOKIE, secret, path="/", secure=True, httponly=True, samesite="Strict")
        return response

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        """The same for `workshop join`, which is no browser and so gets no cookie; a page has no business here."""
        if "Origin" in request.headers:
            raise web.HTTPForbidden(text=_FOREIGN)
        match await _read(request.json()):
            case {"name": str(name), "code": str(code)}:
                pass
            case _:
                raise web.HTTPBadRequest(text=_NO_REQUEST)
        try:
            learner, secret = self._let_in(request, name, code, mirror=False)
        except RefusedError as error:
            return web.json_response({"refused": str(error), "next": error.remedy}, status=403)
        return web.json_response({"secret": secret, "name": learner.name, "word": learner.word})

    def _let_in(self, request: web.Request, name: str, code: str, *, mirror: bool) -> tuple[Learner, str]:
        address = request.remote or ""
        if (seconds := self._tries.wait(address)) > 0:
            raise RefusedError(f"Too many wrong codes came from your address. Wait {seconds:.0f} seconds.")
        try:
            return self._roll.enter(name, code, mirror=mirror)
        except RefusedError as error:
            if error.guessed:
                self._tries.failed(address)
            raise

    async def _state(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"message": self._live.place(request[_LEARNER]).message})

    async def _again(self, request: web.Request) -> web.StreamResponse:
        try:
            await self._live.again(request[_LEARNER])
        except (TimeoutError, WorkshopError):
            return pages.message(503, "It does not end", "Your session does not end. Tell the instructor.")
        return pages.message(200, "Starting anew", "One moment …", onward="/")

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        if not _is_own(request):
            raise web.HTTPForbidden(text=_FOREIGN)
        learner = request[_LEARNER]
        socket = await opened(request)
        door = BrowserDoor(socket, request.transport)
        try:
            terminal = await self._live.sit(learner, door, size_of(request))
        except WorkshopError as error:
            if self._roll.has(learner):
                self._live.place(learner).message = f"{error} {error.remedy}".strip()
            await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
            return socket
        try:
            await hear(socket, door, terminal)
        finally:
            terminal.detach(door)
        return socket

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Lines of a learner's app on their own machine; a page has no business here."""
        if "Origin" in request.headers:
            raise web.HTTPForbidden(text=_FOREIGN)
        learner = request[_LEARNER]
        socket = await opened(request, largest=LONGEST_LINE)
        self._live.came(learner, "join")
        line = _SocketLine(socket)
        try:
            await self._live.hear(learner, line)
        finally:
            await line.end()
        return socket

    def _join_page(self, status: int, *, name: str = "", refusal: str = "") -> web.Response:
        page = pages.template(_PAGE / "join.html").substitute(
            title=escape(self._live.title), name=escape(name), refusal=escape(refusal)
        )
        return pages.html(page, status=status)

    async def _harden(self, request: web.Request, response: web.StreamResponse) -> None:
        host = request.host.lower()
        pages.harden(response, socket=f"wss://{host if host in self._hosts else self._shown}")


class _SocketLine:
    """Lines of a websocket, one in each frame."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self._sender = asyncio.create_task(self._send())
        self.unread = 0

    async def read(self) -> bytes:
        frame = await self._socket.receive()
        return frame.data.encode() if frame.type is WSMsgType.TEXT else b""

    def write(self, data: bytes) -> None:
        self.unread += len(data)
        self._waiting.put_nowait(data)

    def close(self) -> None:
        self._waiting.put_nowait(b"")

    async def end(self) -> None:
        """Wait until what was written is sent."""
        await self._sender

    async def _send(self) -> None:
        with suppress(OSError):
            while data := await self._waiting.get():
                await self._socket.send_str(data.decode())
                self.unread -= len(data)
        await self._socket.close()


async def _read(body: Awaitable[_Body]) -> _Body:
    """What a request carries.

    Raises:
        HTTPException: it cannot be read.
    """
    try:
        async with asyncio.timeout(MACHINE.stretched(SILENCE)):
            return await body
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (web.HTTPException, ConnectionError):
        raise
    except Exception:  # noqa: BLE001 - a stranger writes it, and the libraries that read it raise what they like
        raise web.HTTPBadRequest(text=_NO_REQUEST) from None


def _is_own(request: web.Request) -> bool:
    """Whether one of our pages asks."""
    return is_from(request, f"https://{request.host.lower()}")
