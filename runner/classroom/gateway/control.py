"""The gateway's end of the class's control: it tells the instructor's screens how things are and takes orders."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from runner.classroom.control import line_of
from runner.classroom.live.desk import Desk
from runner.record.codec import packed
from runner.teaching.control import ORDERS, ClassStatus, Watch, read_order

if TYPE_CHECKING:
    from runner.record.notice import DemoFrame

_BEAT = 0.25
_LONGEST = 1 << 20


async def serve(path: Path, desk: Desk) -> asyncio.Server:
    """Let the instructor's screen, or several of them, control the class."""
    path.unlink(missing_ok=True)
    watched: dict[asyncio.Task[None], str] = {}
    """The learner whom each screen watches, by the task that updates the screen; "" for nobody."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        telling = asyncio.create_task(_tell(writer, desk))
        watched[telling] = ""
        try:
            # With the gateway's end all of its tasks are cancelled.
            with suppress(OSError, ValueError, asyncio.CancelledError):  # no screen sends what is no order
                while line := await reader.readline():
                    order = read_order(line, ORDERS)
                    if isinstance(order, Watch):
                        watched[telling] = order.learner
                    await desk.do(order)
        finally:
            telling.cancel()
            looked_at = watched.pop(telling)
            writer.close()
            if looked_at and looked_at not in watched.values() and desk.status().watching == looked_at:
                # A screen that is gone looks at nobody.
                await desk.do(Watch(""))

    server = await asyncio.start_unix_server(talk, path, limit=_LONGEST)
    path.chmod(0o600)
    return server


async def _tell(writer: asyncio.StreamWriter, desk: Desk) -> None:
    status: ClassStatus | None = None
    picture: DemoFrame | None = None
    with suppress(OSError):
        while True:
            if status != (status := desk.status()):
                writer.write(line_of({"status": packed(status)}))
            if picture != (picture := desk.picture):
                writer.write(line_of({"picture": None if picture is None else packed(picture)}))
            await writer.drain()
            await asyncio.sleep(_BEAT)
