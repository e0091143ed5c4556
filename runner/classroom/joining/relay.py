"""A relay on this machine: an app's events go to its class, and notices come back."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp

from runner.box.resources import CHANNEL
from runner.classroom.joining.found_class import SECONDS, FoundClass
from runner.classroom.joining.membership import Membership
from runner.classroom.line import MOST_UNREAD, Line, StreamLine
from runner.errors import WorkshopError
from runner.pace import MACHINE
from runner.record.wire import LONGEST_LINE, LONGEST_NOTICE
from runner.stage.scratch import scratch

_FAREWELL_SECONDS = 5.0
"""Seconds that the class has to close the connection after the learner has left."""


@contextlib.contextmanager
def relaying(found: FoundClass, member: Membership) -> Iterator[Path]:
    """A socket that connects an app on this machine to the class, while the block runs.

    Raises:
        WorkshopError: the socket cannot be made.
    """
    with scratch() as folder:
        path = folder / CHANNEL
        loop = asyncio.new_event_loop()
        relay = _Relay(found, member)
        ready = threading.Event()
        thread = threading.Thread(
            target=_turn, args=(loop, relay.serve(path, ready)), name="relay", daemon=True
        )
        thread.start()
        ready.wait(MACHINE.stretched(SECONDS))
        try:
            if not relay.listens:
                raise WorkshopError(
                    f"cannot make a socket in {folder} for the class",
                    remedy="set TMPDIR to a folder of yours with room and a short name",
                )
            yield path
        finally:
            with contextlib.suppress(RuntimeError):
                # It is closed already if the socket could not be made.
                loop.call_soon_threadsafe(relay.ended.set)
            thread.join(MACHINE.stretched(SECONDS))


def _turn(loop: asyncio.AbstractEventLoop, work: Any) -> None:
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(work)
    finally:
        loop.close()


class _Relay:
    """Relays lines between the app, which reconnects whenever it is cut off, and the class."""

    def __init__(self, found: FoundClass, member: Membership) -> None:
        self._found, self._member = found, member
        self._tasks: set[asyncio.Task[None]] = set()
        self.ended = asyncio.Event()
        self.listens = False

    async def serve(self, path: Path, ready: threading.Event) -> None:
        """Listen until the relay has ended."""
        try:
            server = await asyncio.start_unix_server(self._begin, path, limit=LONGEST_LINE)
            path.chmod(0o600)
            self.listens = True
        except OSError:
            return
        finally:
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
            async with aiohttp.ClientSession(headers=headers) as session:
                line = await session.ws_connect(
                    f"{self._found.origin}/events",
                    ssl=self._found.tls,
                    heartbeat=15,
                    max_msg_size=LONGEST_NOTICE,
                )
                async with _closing(line):
                    back = asyncio.create_task(_back(line, app))
                    try:
                        while said := await app.read():
                            await line.send_str(said.decode("utf-8", "replace"))
                    finally:
                        back.cancel()
        except (aiohttp.ClientError, OSError, ValueError):
            # The app sees the cut, and reconnects.
            pass
        finally:
            app.close()


@contextlib.asynccontextmanager
async def _closing(line: aiohttp.ClientWebSocketResponse) -> AsyncIterator[None]:
    """Close a connection after the block, and wait for the end of TLS below it, which needs the loop."""
    socket = line.get_extra_info("socket")
    try:
        async with line:
            yield
    finally:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MACHINE.stretched(_FAREWELL_SECONDS)):
                while socket is not None and socket.fileno() >= 0:
                    await asyncio.sleep(0.01)


async def _back(line: aiohttp.ClientWebSocketResponse, app: Line) -> None:
    """Relay notices to the app; an app that does not read is disconnected."""
    async for frame in line:
        if app.unread > MOST_UNREAD:
            break
        if frame.type is aiohttp.WSMsgType.TEXT:
            app.write(frame.data.encode())
    app.close()
