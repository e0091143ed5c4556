"""The gateway's end of its talk with the starter of boxes."""

import asyncio
import json
import os
import socket
from collections.abc import Callable
from typing import Any, Protocol

from runner.errors import EngineError
from runner.language import tr
from runner.pace import MACHINE
from runner.record.event import shortened
from runner.terminal.size import is_outer_end

_LONGEST = 4096
_START_SECONDS = 60.0


class BoxControl(Protocol):
    """The operations on boxes, by their numbers."""

    async def open(self, number: int, columns: int, rows: int) -> int:
        """The descriptor of the terminal of a box, which is started if it does not run.

        Raises:
            EngineError: it cannot be started, and why.
        """

    def repaint(self, number: int) -> None:
        """Have the program in a box paint its whole screen again."""

    def close(self, number: int) -> None:
        """End a box."""

    def forget(self, number: int) -> None:
        """End a box, and delete all that was kept in it."""


class Boxes:
    """Asks for boxes by their numbers; `ended` is told of each that has, with why if it should not have."""

    def __init__(
        self, link: socket.socket, *, ended: Callable[[int, str], None], lost: Callable[[], None]
    ) -> None:
        """`lost` is called when there is no starter any more."""
        link.setblocking(False)
        self._link = link
        self._ended, self._lost = ended, lost
        self._wanted: dict[int, asyncio.Future[int]] = {}
        asyncio.get_running_loop().add_reader(link, self._hear)

    async def open(self, number: int, columns: int, rows: int) -> int:
        """The descriptor of the terminal of a box, which is started if it does not run.

        Raises:
            EngineError: it cannot be started, and why.
        """
        if number not in self._wanted:
            self._wanted[number] = asyncio.get_running_loop().create_future()
            self._ask("open", number, columns=columns, rows=rows)
        wanted = self._wanted[number]
        try:
            async with asyncio.timeout(MACHINE.stretched(_START_SECONDS)):
                return await asyncio.shield(wanted)
        except TimeoutError:
            raise EngineError(
                tr("the box did not start in time"), remedy=tr("try again in a moment")
            ) from None

    def ready(self) -> None:
        """Say that learners can come."""
        self._ask("ready", 0)

    def repaint(self, number: int) -> None:
        """Have the program in a box paint its whole screen again."""
        self._ask("repaint", number)

    def close(self, number: int) -> None:
        """End a box; anyone who waits for it to open stops waiting."""
        self._fail(
            number, EngineError(tr("the box was closed as it began"), remedy=tr("try again in a moment"))
        )
        self._ask("close", number)

    def forget(self, number: int) -> None:
        """End a box, if it runs, and delete all that was kept in it; the next to open it is somebody else."""
        self._fail(number, EngineError(tr("the box is not yours any more"), remedy=tr("join the class anew")))
        self._ask("forget", number)

    def _fail(self, number: int, error: EngineError) -> bool:
        """Tell anyone who waits for a box that it does not come; False if nobody does."""
        wanted = self._wanted.pop(number, None)
        if wanted is None or wanted.done():
            return False
        wanted.set_exception(error)
        # Anyone who has stopped waiting does not want to be told.
        wanted.exception()
        return True

    def _ask(self, do: str, number: int, **more: int) -> None:
        try:
            self._link.send(json.dumps({"do": do, "box": number, **more}).encode())
        except BlockingIOError as error:
            raise EngineError(
                tr("the starter of boxes is busy"), remedy=tr("try again in a moment")
            ) from error
        except OSError as error:
            raise EngineError(tr("the starter of boxes is gone")) from error

    def drop(self) -> None:
        """Let go of the starter, if it is not gone already; anyone who waits for a box waits no more."""
        if self._link.fileno() < 0:
            return
        asyncio.get_running_loop().remove_reader(self._link)
        self._link.close()
        for number in tuple(self._wanted):
            self._fail(
                number, EngineError(tr("the starter of boxes is gone"), remedy=tr("try again in a moment"))
            )

    def _hear(self) -> None:
        try:
            packet, descriptors, _, _ = socket.recv_fds(self._link, _LONGEST, 1)
        except BlockingIOError:
            return
        except OSError:
            packet, descriptors = b"", []
        try:
            if packet:
                self._take(json.loads(packet), descriptors)
                return
        except (ValueError, KeyError, TypeError, RecursionError):
            # Anything that says this is no starter: a box beside a learner's server may say anything.
            pass
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        self.drop()
        self._lost()

    def _take(self, said: dict[str, Any], descriptors: list[int]) -> None:
        """Take in what is said; a descriptor that is wanted is taken out of the list."""
        number = said["box"]
        if said.get("reopens"):
            # The one that is wanted comes in its place.
            self._ended(number, "")
            return
        if said["is"] == "open":
            if not descriptors or not is_outer_end(descriptors[0]):
                raise ValueError("no terminal")
            wanted = self._wanted.pop(number, None)
            if wanted is not None and not wanted.done():
                wanted.set_result(descriptors.pop())
            return
        why, remedy = (shortened(str(said.get(name, ""))) for name in ("why", "next"))
        if said["is"] == "failed" and self._fail(number, EngineError(why, remedy=remedy)):
            return
        why = why or (_how(said["status"]) if said.get("status") else "")
        self._fail(number, EngineError(why or tr("the box ended as it began")))
        self._ended(number, why)


def _how(status: int) -> str:
    """Why a box ended that was not asked to; "" if the learner left."""
    if status in {0, 130, -15, 143}:
        return ""
    if status in {-9, 137}:
        return tr("it was killed: perhaps it had no memory left")
    return tr("its program ended with status {status}", status=status)
