"""The class's door for browsers, and for machines that join with their own engine; always over TLS."""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from functools import partial
from html import escape
from pathlib import Path
from typing import TypeVar

from aiohttp import WSMsgType, web

from runner.classroom.browser import seated, show
from runner.classroom.gateway.screen_door import PATH as SCREEN
from runner.classroom.gateway.screen_door import ScreenDoor
from runner.classroom.limits.failure_limit import FailureLimit
from runner.classroom.live.live_class import LiveClass
from runner.classroom.live.people import Learner
from runner.classroom.live.roll import RefusedError, Roll
from runner.classroom.screens import Screens
from runner.errors import WorkshopError, printable
from runner.language import in_use, tr
from runner.pace import MACHINE
from runner.record.wire import LONGEST_LINE
from runner.web import pages
from runner.web.guard import Handler, require_host, same_origin
from runner.web.listening import SILENCE
from runner.web.socket import opened

COOKIE = "__Host-workshop"
"""A browser takes a cookie with this prefix only over TLS, for this host and all of its paths."""
_PAGE = Path(__file__).parent / "page"
_OPEN = frozenset({"/", "/join", "/enter"})
"""The paths by which people come into the class."""
_PUBLIC = frozenset({"/class/join.css", "/class/join.js"})
"""The files of the page on which they join."""
_LEARNER: web.RequestKey[Learner] = web.RequestKey("learner", Learner)
_FOREIGN = "The request came from another page than the class's own."
_Body = TypeVar("_Body")
_NO_REQUEST = "That is not what the class's page or `workshop join` sends."


class WebDoor:
    """The class as an aiohttp application, for requests that name one of `hosts` (with the port, if it is not 443)."""

    def __init__(
        self,
        live: LiveClass,
        roll: Roll,
        *,
        hosts: Sequence[str],
        failures: FailureLimit,
        screen: Sequence[str] = (),
    ) -> None:
        """`screen` is the Python module that shows the class to its instructor, and its arguments."""
        self._live, self._roll = live, roll
        self._screens = Screens(screen)
        self._hosts = frozenset(hosts)
        self._shown = hosts[0]
        self._failures = failures

    def application(self) -> web.Application:
        """The application, to be served over TLS."""
        elsewhere = tr(
            "This class is at {place}. Open the address exactly as the instructor shows it.",
            place=f"https://{self._shown}/",
        )
        here = require_host(self._hosts, elsewhere)
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
                *ScreenDoor(self._live, self._screens).routes(),
                *pages.assets("/"),
            ]
        )
        app.on_response_prepare.append(self._harden)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        connects = request.path == "/ws" or _is_below(request.path, f"{SCREEN}/ws")
        asks = request.method in {"GET", "HEAD"} and not connects
        if not asks and not _is_own(request) and request.path != "/enter":
            return pages.message(403, tr("Not from here"), _FOREIGN)
        learner = self._who(request)
        if learner is not None:
            request[_LEARNER] = learner
        elif request.path not in _OPEN and request.path not in _PUBLIC:
            why = tr("You are not in this class. Open the address that the instructor shows, and join.")
            return pages.message(403, tr("Not in this class"), why)
        if _is_below(request.path, SCREEN) and not (learner is not None and learner.instructor):
            why = tr("This is the instructor's screen. Join with the instructor's code to see it.")
            return pages.message(403, tr("For instructors alone"), why)
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
        return pages.lasting(
            self._live.title,
            socket=f"wss://{request.host}/ws",
            starting=tr("Starting your session …"),
            ended=tr("The connection was lost. Your session goes on; trying to come back to it …"),
            foot=foot.substitute(
                removed=escape(
                    tr(
                        "You are not in this class any more. The instructor can say why, and you can join again."
                    )
                ),
                name=escape(learner.name),
                word=escape(learner.word),
                come_back=escape(tr("your word, to come back from another browser:")),
                screen=self._to_screen(learner),
                again=escape(tr("My session hangs: restart it")),
            ),
        )

    def _to_screen(self, learner: Learner) -> str:
        """The path to the instructor's screen, for instructors."""
        if not (learner.instructor and self._screens.there):
            return ""
        said = escape(tr("the class's screen"))
        return f'<a href="{SCREEN}">{said}</a>'

    async def _join(self, request: web.Request) -> web.StreamResponse:
        form = await _read(request.post())
        name, code = (printable(str(form.get(field, ""))) for field in ("name", "code"))
        try:
            _, secret = self._let_in(request, name, code, mirror=form.get("mirror") == "yes")
        except RefusedError as error:
            return self._join_page(403, name=name, refusal=f"{error} {error.remedy}")
        # Not a redirect: one that began on another site would not carry a strict cookie.
        response = pages.message(200, tr("Welcome"), tr("One moment …"), onward="/")
        response.set_cookie(COOKIE, secret, path="/", secure=True, httponly=True, samesite="Strict")
        return response

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        """The same for `workshop join`, which is not a browser and gets no cookie; pages are refused."""
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
        if (seconds := self._failures.wait(address)) > 0:
            raise RefusedError(
                tr(
                    "Too many wrong codes came from your address. Wait {seconds} seconds.",
                    seconds=round(seconds),
                )
            )
        try:
            return self._roll.enter(name, code, mirror=mirror)
        except RefusedError as error:
            if error.guessed:
                self._failures.failed(address)
            raise

    async def _state(self, request: web.Request) -> web.StreamResponse:
        return web.json_response({"message": self._live.place(request[_LEARNER]).message})

    async def _again(self, request: web.Request) -> web.StreamResponse:
        try:
            await self._live.again(request[_LEARNER])
        except (TimeoutError, WorkshopError):
            return pages.message(
                503, tr("It does not end"), tr("Your session does not end. Tell the instructor.")
            )
        return pages.message(200, tr("Restarting"), tr("One moment …"), onward="/")

    async def _terminal(self, request: web.Request) -> web.StreamResponse:
        return await show(request, partial(seated, self._live, request[_LEARNER]))

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """The lines of a learner's app on their own machine; pages are refused."""
        if "Origin" in request.headers:
            raise web.HTTPForbidden(text=_FOREIGN)
        learner = request[_LEARNER]
        socket = await opened(request, largest=LONGEST_LINE)
        self._live.came(learner, "join")
        line = _SocketLine(socket)
        try:
            await self._live.hear(learner, line)
        finally:
            line.close()
            await line.end()
        return socket

    def _join_page(self, status: int, *, name: str = "", refusal: str = "") -> web.Response:
        page = pages.template(_PAGE / "join.html").substitute(
            language=in_use(),
            title=escape(self._live.title),
            name=escape(name),
            refusal=escape(refusal),
            your_name=escape(tr("Your name")),
            code=escape(tr("The code of the class")),
            mirror=escape(
                tr(
                    "The instructor may look at my terminal. I see it when they do, and can change this at any time."
                )
            ),
            join=escape(tr("Join")),
            recorded=escape(
                tr(
                    "What you do in the labs is recorded for the instructor: which steps you reach, tries, hints and "
                    "how long it takes. In the app you can see all of it, and have it deleted."
                )
            ),
        )
        return pages.html(page, status=status)

    async def _harden(self, request: web.Request, response: web.StreamResponse) -> None:
        host = request.host.lower()
        pages.set_security_headers(response, socket=f"wss://{host if host in self._hosts else self._shown}")


class _SocketLine:
    """Lines over a websocket, one per frame."""

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
        """Wait until everything written is sent."""
        await self._sender

    async def _send(self) -> None:
        with suppress(OSError):
            while data := await self._waiting.get():
                await self._socket.send_str(data.decode())
                self.unread -= len(data)
        await self._socket.close()


async def _read(body: Awaitable[_Body]) -> _Body:
    """The body of a request.

    Raises:
        HTTPException: the body cannot be read.
    """
    try:
        async with asyncio.timeout(MACHINE.stretched(SILENCE)):
            return await body
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (web.HTTPException, ConnectionError):
        raise
    except Exception:  # noqa: BLE001 - a stranger writes it, and the libraries that read it raise errors of any kind
        raise web.HTTPBadRequest(text=_NO_REQUEST) from None


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _is_own(request: web.Request) -> bool:
    """True if one of our own pages sent the request."""
    return same_origin(request, f"https://{request.host.lower()}")
