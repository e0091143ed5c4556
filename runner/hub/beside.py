"""The box of a learner that runs beside their server, as two containers of a pod do, with one folder between them.

The server listens in the folder, which the box may not write to. At `box.sock` the box's program comes and does what
`runner.box.starter` does for a class: it is told to open a terminal, and sends its outer end.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from runner.box.resources import CHANNEL
from runner.classroom.live.boxes import Boxes
from runner.errors import EngineError, UsageError
from runner.language import tr
from runner.pace import MACHINE

LINK = "box.sock"
"""The socket at which the server waits for the box."""
_SECONDS = 60.0
"""How long a container beside may take to start."""


def listen_beside(folder: Path) -> tuple[socket.socket, socket.socket]:
    """The sockets at which the box, and the app in it, come: of packets and of a stream.

    Raises:
        UsageError: nothing can be made there.
    """
    link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        for one, name in ((link, LINK), (channel, CHANNEL)):
            (folder / name).unlink(missing_ok=True)
            one.bind(str(folder / name))
            # The box's users are nobody's here; nobody else sees the folder.
            (folder / name).chmod(0o666)
            one.listen(16)
    except OSError as error:
        link.close()
        channel.close()
        raise UsageError(
            f"cannot listen in {folder}: {error.strerror}", remedy="name a folder that the box shares"
        ) from error
    return link, channel


class BesideBoxes:
    """The one box beside, once it has come; one that comes again is instead of the one before."""

    def __init__(self, listener: socket.socket, *, ended: Callable[[int, str], None]) -> None:
        self._listener, self._ended = listener, ended
        self._boxes: Boxes | None = None
        self._there = asyncio.Event()
        listener.setblocking(False)
        asyncio.get_running_loop().add_reader(listener, self._accept)

    async def open(self, number: int, columns: int, rows: int) -> int:
        """The descriptor of its terminal.

        Raises:
            EngineError: the box has not come, or its program cannot be started.
        """
        try:
            async with asyncio.timeout(MACHINE.stretched(_SECONDS)):
                await self._there.wait()
        except TimeoutError:
            raise EngineError(
                tr("your box has not started"), remedy=tr("stop your server in the Hub and start it again")
            ) from None
        assert self._boxes is not None
        return await self._boxes.open(number, columns, rows)

    def repaint(self, number: int) -> None:
        """Have what runs there show its whole screen anew."""
        if self._boxes is not None:
            self._boxes.repaint(number)

    def close(self, number: int) -> None:
        """Have its program end."""
        if self._boxes is not None:
            self._boxes.close(number)

    def forget(self, number: int) -> None:
        """The same: what is kept there goes with the box."""
        self.close(number)

    def drop(self) -> None:
        """Wait for no box any more, and let go of the one that has come; its session goes on."""
        asyncio.get_running_loop().remove_reader(self._listener)
        self._listener.close()
        if self._boxes is not None:
            self._boxes.drop()

    def _accept(self) -> None:
        with suppress(OSError):
            link, _ = self._listener.accept()
            if self._boxes is not None:
                self._boxes.drop()
            self._boxes = Boxes(link, ended=self._ended, lost=self._lose)
            self._there.set()

    def _lose(self) -> None:
        """The box's container has ended, and with it the session."""
        self._boxes = None
        self._there.clear()
        self._ended(1, tr("its container was started again"))
