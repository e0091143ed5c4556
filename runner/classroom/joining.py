"""Taking part in a class with a machine and an engine of one's own: events go there, and notices come back."""

import asyncio
import contextlib
import hashlib
import json
import socket
import ssl
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from runner.box.room import CHANNEL
from runner.classroom.channel import StreamLine
from runner.errors import UsageError, WorkshopError
from runner.files import replace_bytes
from runner.pace import MACHINE
from runner.record.wire import LONGEST_LINE, LONGEST_NOTICE

_SECONDS = 10.0
_PORT = 8443


@dataclass(frozen=True, slots=True)
class Class:
    """A class at `origin`; `certificate` is what its server showed and must show again.

    It is None if it is enough that this machine knows who vouches for it.
    """

    origin: str
    certificate: bytes | None

    @property
    def fingerprint(self) -> str:
        """The certificate's, as the instructor's screen shows it; "" if nobody needs to compare it."""
        return "" if self.certificate is None else hashlib.sha256(self.certificate).digest().hex(":").upper()

    @property
    def tls(self) -> ssl.SSLContext:
        """How a connection makes sure that it is this class: its very certificate, or one that is vouched for."""
        if self.certificate is None:
            return ssl.create_default_context()
        context = ssl.create_default_context(cadata=self.certificate)
        # It was compared as it is, whatever names are in it, and no matter who has signed it.
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        return context


@dataclass(frozen=True, slots=True)
class Membership:
    """What lets a learner into a class again."""

    origin: str
    fingerprint: str
    name: str
    secret: str

    def write(self, file: Path) -> None:
        """Keep it where only this user may read it.

        Raises:
            OSError: it cannot be written.
        """
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = {"version": 1, **{name: getattr(self, name) for name in self.__slots__}}
        replace_bytes(file, json.dumps(content).encode(), mode=0o600)

    @classmethod
    def read(cls, file: Path) -> "Membership | None":
        """What is kept there; None if it is nothing of use."""
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            found = json.loads(file.read_bytes())
            return cls(*(str(found[name]) for name in cls.__slots__)) if found["version"] == 1 else None
        return None


def look(address: str, *, pinned: bool = False) -> Class:
    """The class at an address as it was written down: with or without https:// and a port.

    Where it is to be `pinned`, its certificate counts also if somebody vouches for it.

    Raises:
        UsageError: it is no address.
        WorkshopError: nobody answers there, or not with TLS.
    """
    parts = urlsplit(address if "://" in address else f"https://{address}")
    try:
        host, port = parts.hostname, parts.port or (443 if "://" in address else _PORT)
    except ValueError:
        host, port = None, 0
    if parts.scheme != "https" or not host:
        raise UsageError(
            f"{address!r} is no address of a class", remedy="it looks like https://192.0.2.7:8443/"
        )
    shown = f"[{host}]" if ":" in host else host
    origin = f"https://{shown}" if port == 443 else f"https://{shown}:{port}"
    try:
        return Class(origin, _certificate(host, port, pinned=pinned))
    except OSError as error:
        raise WorkshopError(
            f"there is no class at {origin}: {error.strerror or error}",
            remedy="compare the address with the instructor's screen, and see that you are in the same network",
        ) from error


def _certificate(host: str, port: int, *, pinned: bool) -> bytes | None:
    """What the server shows; unless it is to be pinned, only if nobody whom this machine knows vouches for it."""
    for context in (_blind(),) if pinned else (ssl.create_default_context(), _blind()):
        with socket.create_connection((host, port), timeout=MACHINE.stretched(_SECONDS)) as plain:
            try:
                with context.wrap_socket(plain, server_hostname=host) as secure:
                    return None if context.verify_mode else secure.getpeercert(binary_form=True)
            except ssl.SSLCertVerificationError:
                continue
    return None


def _blind() -> ssl.SSLContext:
    """For a first look alone: what is seen is compared before anything is said."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def enter(found: Class, name: str, code: str) -> tuple[Membership, str]:
    """Join; the learner's own word beside, which lets them in again from elsewhere.

    Raises:
        WorkshopError: the class refuses, and why, or cannot be reached.
    """
    answer = _ask(found, "/enter", {"name": name, "code": code})
    if "refused" in answer:
        raise WorkshopError(_line(answer["refused"]), remedy=_line(answer.get("next", "")))
    try:
        member = Membership(found.origin, found.fingerprint, _line(answer["name"]), str(answer["secret"]))
        return member, _line(answer["word"])
    except KeyError as error:
        raise WorkshopError(f"{found.origin} is no class that this version can join") from error


def is_member(found: Class, member: Membership) -> bool:
    """Whether the class still knows somebody who joined earlier.

    Raises:
        WorkshopError: it cannot be reached.
    """
    return "message" in _ask(found, "/state", secret=member.secret)


def _ask(found: Class, path: str, content: object = None, *, secret: str = "") -> dict[str, Any]:
    parts = urlsplit(found.origin)
    seconds = MACHINE.stretched(_SECONDS)
    line = HTTPSConnection(parts.hostname or "", parts.port or 443, context=found.tls, timeout=seconds)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    try:
        line.request("GET" if content is None else "POST", path, json.dumps(content), headers)
        said = line.getresponse().read(LONGEST_LINE)
    except ssl.SSLCertVerificationError as error:
        raise WorkshopError(
            f"{found.origin} shows another certificate than a moment ago: somebody may be in between",
            remedy="do not join; tell the instructor",
        ) from error
    except (HTTPException, OSError) as error:
        raise WorkshopError(
            f"the class at {found.origin} cannot be reached: {error}", remedy="try again in a moment"
        ) from error
    finally:
        line.close()
    try:
        read = json.loads(said)
    except ValueError:
        read = {}
    return read if isinstance(read, dict) else {}


def _line(text: object) -> str:
    """What a server says, as something that may be shown."""
    return "".join(character for character in str(text)[:500] if character.isprintable())


@contextlib.contextmanager
def relaying(found: Class, member: Membership) -> Iterator[Path]:
    """A socket at which an app of this machine finds the class, for as long as the block runs."""
    with tempfile.TemporaryDirectory(prefix="workshop-class-") as folder:
        path = Path(folder, CHANNEL)
        loop = asyncio.new_event_loop()
        relay = _Relay(found, member)
        ready = threading.Event()
        thread = threading.Thread(
            target=_turn, args=(loop, relay.serve(path, ready)), name="relay", daemon=True
        )
        thread.start()
        ready.wait(MACHINE.stretched(_SECONDS))
        try:
            yield path
        finally:
            loop.call_soon_threadsafe(relay.ended.set)
            thread.join(MACHINE.stretched(_SECONDS))


def _turn(loop: asyncio.AbstractEventLoop, work: Any) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


class _Relay:
    """Passes lines between the app, which connects again whenever it is cut off, and the class."""

    def __init__(self, found: Class, member: Membership) -> None:
        self._found, self._member = found, member
        self._tasks: set[asyncio.Task[None]] = set()
        self.ended = asyncio.Event()

    async def serve(self, path: Path, ready: threading.Event) -> None:
        """Listen until it has ended."""
        server = await asyncio.start_unix_server(self._begin, path, limit=LONGEST_LINE)
        path.chmod(0o600)
        ready.set()
        await self.ended.wait()
        server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(self._pass(StreamLine(reader, writer)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _pass(self, app: StreamLine) -> None:
        headers = {"Authorization": f"Bearer {self._member.secret}"}
        try:
            async with (
                aiohttp.ClientSession(headers=headers) as session,
                session.ws_connect(
                    f"{self._found.origin}/events",
                    ssl=self._found.tls,
                    heartbeat=15,
                    max_msg_size=LONGEST_NOTICE,
                ) as line,
            ):
                back = asyncio.create_task(_back(line, app))
                try:
                    while said := await app.read():
                        await line.send_str(said.decode("utf-8", "replace"))
                finally:
                    back.cancel()
        except (aiohttp.ClientError, OSError, ValueError):
            # The app sees that it is cut off, and comes again.
            pass
        finally:
            app.close()


async def _back(line: aiohttp.ClientWebSocketResponse, app: StreamLine) -> None:
    async for frame in line:
        if frame.type is aiohttp.WSMsgType.TEXT:
            app.write(frame.data.encode())
    app.close()
