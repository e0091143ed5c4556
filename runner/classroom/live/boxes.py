"""The gateway's end of the link to the box starter."""

import asyncio
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from runner.box.packet import receive, send
from runner.errors import EngineError
from runner.language import tr
from runner.pace import MACHINE
from runner.record.event import shortened
from runner.terminal.size import is_outer_end

_START_SECONDS = 60.0


class BoxControl(Protocol):
    """The operations on boxes, by their numbers."""

    async def open(self, number: int, columns: int, rows: int) -> int:
        """Open a box's terminal, starting the box if it does not run; returns the descriptor.

        Raises:
            EngineError: the box cannot be started; the message says why.
        """

    def repaint(self, number: int) -> None:
        """Have the program in a box repaint its whole screen."""

    def close(self, number: int) -> None:
        """End a box."""

    def forget(self, number: int) -> None:
        """End a box, and delete everything kept in it."""


@dataclass(slots=True)
class _Wanted:
    """A terminal that was asked for, and how many callers wait for its descriptor."""

    opened: asyncio.Future[int]
    waiters: int = 0

    def leave(self) -> None:
        """Wait no more; the last caller closes a descriptor that came at the same moment."""
        self.waiters -= 1
        if not self.waiters and self.opened.done() and self.opened.exception() is None:
            os.close(self.opened.result())


class Boxes:
    """Asks for boxes by number.

    `ended` is called with the number of each that ends, and the reason if it should not have.
    """

    def __init__(
        self, link: socket.socket, *, ended: Callable[[int, str], None], lost: Callable[[], None]
    ) -> None:
        """`lost` is called when the starter is gone."""
        link.setblocking(False)
        self._link = link
        self._ended, self._lost = ended, lost
        self._wanted: dict[int, _Wanted] = {}
        asyncio.get_running_loop().add_reader(link, self._hear)

    async def open(self, number: int, columns: int, rows: int) -> int:
        """Open a box's terminal, starting the box if it does not run; returns the descriptor.

        Raises:
            EngineError: the box cannot be started; the message says why.
        """
        if number not in self._wanted:
            self._ask("open", number, columns=columns, rows=rows)
            self._wanted[number] = _Wanted(asyncio.get_running_loop().create_future())
        wanted = self._wanted[number]
        wanted.waiters += 1
        try:
            async with asyncio.timeout(MACHINE.stretched(_START_SECONDS)):
                return await asyncio.shield(wanted.opened)
        except TimeoutError:
            wanted.leave()
            raise EngineError(
                tr("the box did not start in time"), remedy=tr("try again in a moment")
            ) from None
        except asyncio.CancelledError:
            wanted.leave()
            raise

    def ready(self) -> None:
        """Report that learners can come."""
        self._ask("ready", 0)

    def repaint(self, number: int) -> None:
        """Have the program in a box repaint its whole screen."""
        self._ask("repaint", number)

    def close(self, number: int) -> None:
        """End a box; callers that wait for it to open get an error."""
        self._fail(
            number, EngineError(tr("the box was closed as it began"), remedy=tr("try again in a moment"))
        )
        self._ask("close", number)

    def forget(self, number: int) -> None:
        """End a box if it runs, and delete everything kept in it; the number may go to another learner."""
        self._fail(
            number, EngineError(tr("the box is not yours any more"), remedy=tr("join the class again"))
        )
        self._ask("forget", number)

    def _fail(self, number: int, error: EngineError) -> bool:
        """Raise the error in callers that wait for a box; False if there are none."""
        wanted = self._wanted.pop(number, None)
        if wanted is None or wanted.opened.done():
            return False
        wanted.opened.set_exception(error)
        # A caller that has stopped waiting does not read the error.
        wanted.opened.exception()
        return True

    def _ask(self, do: str, number: int, **more: int) -> None:
        try:
            send(self._link, {"do": do, "box": number, **more})
        except BlockingIOError as error:
            raise EngineError(
                tr("the starter of boxes is busy"), remedy=tr("try again in a moment")
            ) from error
        except OSError as error:
            raise EngineError(tr("the starter of boxes is gone")) from error

    def drop(self) -> None:
        """Drop the link to the starter, unless it is gone already; callers that wait for a box get an error."""
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
            said, descriptors = receive(self._link, 1)
        except BlockingIOError:
            return
        except (OSError, ValueError):
            said, descriptors = None, []
        told = _told(said, descriptors)
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
        """Handle a message; a descriptor that a caller wants is taken out of the list."""
        if told.reopens:
            # The wanted descriptor arrives instead of it.
            self._ended(told.number, "")
            return
        if told.kind == "open":
            wanted = self._wanted.pop(told.number, None)
            if wanted is not None and wanted.waiters and not wanted.opened.done():
                wanted.opened.set_result(descriptors.pop())
            return
        if told.kind == "failed" and self._fail(told.number, EngineError(told.why, remedy=told.remedy)):
            return
        why = told.why or (_how(told.status) if told.status else "")
        self._fail(told.number, EngineError(why or tr("the box ended as it began")))
        self._ended(told.number, why)


@dataclass(frozen=True, slots=True)
class _Told:
    """A message of the starter about the box with this number; `status` is the exit status of an ended one."""

    number: int
    kind: str
    reopens: bool
    status: int
    why: str
    remedy: str


def _told(said: Any, descriptors: list[int]) -> _Told | None:
    """What a message means; None if no starter would send it: a box beside a learner's server may send anything."""
    try:
        number, status, reopens = said["box"], said.get("status") or 0, bool(said.get("reopens"))
        kind = str(said.get("is", "")) if reopens else said["is"]
        why, remedy = (shortened(str(said.get(name, ""))) for name in ("why", "next"))
    except (LookupError, TypeError, AttributeError):
        return None
    if not isinstance(number, int) or not isinstance(status, int):
        return None
    if kind == "open" and not reopens and not (descriptors and is_outer_end(descriptors[0])):
        return None
    return _Told(number, kind, reopens, status, why, remedy)


def _how(status: int) -> str:
    """The reason why a box ended unasked; "" if the learner left."""
    if status in {0, 130, -15, 143}:
        return ""
    if status in {-9, 137}:
        return tr("it was killed: perhaps it had no memory left")
    return tr("its program ended with status {status}", status=status)
