"""The gateway's end of its talk with the starter of boxes."""

import asyncio
import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

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
        told = _told(packet, descriptors)
        try:
            if told is not None:
                self._take(told, descriptors)
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        if told is None:
            self.drop()
            self._lost()

    def _take(self, told: "_Told", descriptors: list[int]) -> None:
        """Take in what is said; a descriptor that is wanted is taken out of the list."""
        if told.reopens:
            # The one that is wanted comes in its place.
            self._ended(told.number, "")
            return
        if told.kind == "open":
            wanted = self._wanted.pop(told.number, None)
            if wanted is not None and not wanted.done():
                wanted.set_result(descriptors.pop())
            return
        if told.kind == "failed" and self._fail(told.number, EngineError(told.why, remedy=told.remedy)):
            return
        why = told.why or (_how(told.status) if told.status else "")
        self._fail(told.number, EngineError(why or tr("the box ended as it began")))
        self._ended(told.number, why)


@dataclass(frozen=True, slots=True)
class _Told:
    """A message of the starter on the box with this number; `status` is the exit status of one that has ended."""

    number: int
    kind: str
    reopens: bool
    status: int
    why: str
    remedy: str


def _told(packet: bytes, descriptors: list[int]) -> _Told | None:
    """The message in a packet; None for what no starter says: a box beside a learner's server may say anything."""
    try:
        said = json.loads(packet)
        number, status, reopens = said["box"], said.get("status") or 0, bool(said.get("reopens"))
        kind = str(said.get("is", "")) if reopens else said["is"]
        why, remedy = (shortened(str(said.get(name, ""))) for name in ("why", "next"))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if not isinstance(number, int) or not isinstance(status, int):
        return None
    if kind == "open" and not reopens and not (descriptors and is_outer_end(descriptors[0])):
        return None
    return _Told(number, kind, reopens, status, why, remedy)


def _how(status: int) -> str:
    """Why a box ended that was not asked to; "" if the learner left."""
    if status in {0, 130, -15, 143}:
        return ""
    if status in {-9, 137}:
        return tr("it was killed: perhaps it had no memory left")
    return tr("its program ended with status {status}", status=status)
