"""A learner's box that runs beside their server, as two containers of a pod do, with a shared folder.

The server listens in the folder, which the box may not write to. The box's program connects to `box.sock` and acts
as `runner.box.starter` does for a class: it is asked to open a terminal, and sends its outer end.
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
"""Seconds that a container beside the server may take to start."""


def listen_beside(folder: Path) -> tuple[socket.socket, socket.socket]:
    """The sockets for the box (packets) and for the app in it (a stream).

    Raises:
        UsageError: the sockets cannot be made there.
    """
    link = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        for one, name in ((link, LINK), (channel, CHANNEL)):
            (folder / name).unlink(missing_ok=True)
            one.bind(str(folder / name))
            # The box's users have no access here; nobody else sees the folder.
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
    """The one box beside this server, once it has connected; a new connection replaces the earlier one."""

    def __init__(self, listener: socket.socket, *, ended: Callable[[int, str], None]) -> None:
        self._listener, self._ended = listener, ended
        self._boxes: Boxes | None = None
        self._there = asyncio.Event()
        listener.setblocking(False)
        asyncio.get_running_loop().add_reader(listener, self._accept)

    async def open(self, number: int, columns: int, rows: int) -> int:
        """Open the box's terminal; returns the descriptor.

        Raises:
            EngineError: the box has not connected, or its program cannot be started.
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
        """Have the box's program repaint its whole screen."""
        if self._boxes is not None:
            self._boxes.repaint(number)

    def close(self, number: int) -> None:
        """Ask the box's program to end."""
        if self._boxes is not None:
            self._boxes.close(number)

    def forget(self, number: int) -> None:
        """The same: everything kept in the box is deleted with it."""
        self.close(number)

    def drop(self) -> None:
        """Stop waiting for a box, and drop the connected one; its session goes on."""
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
        """Handle the end of the box's container, and with it of the session."""
        self._boxes = None
        self._there.clear()
        self._ended(1, tr("its container was started again"))
