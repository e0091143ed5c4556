"""The gateway's end of the class's control: it sends status to the instructor's screens and takes their orders."""

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
    """Serve the class's control to any number of instructor's screens."""
    path.unlink(missing_ok=True)
    watched: dict[asyncio.Task[None], str] = {}
    """The learner watched by each screen, by the task that updates the screen; "" for none."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        telling = asyncio.create_task(_tell(writer, desk))
        watched[telling] = ""
        try:
            # All tasks are cancelled when the gateway ends.
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
                # A screen that is gone watches nobody.
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
