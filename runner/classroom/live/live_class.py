"""The class while it is held: everybody's terminal, and the exchange with their apps."""

import asyncio
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from runner.box.resources import CHANNEL
from runner.classroom.limits.allowance import Allowance
from runner.classroom.line import Line, StreamLine
from runner.classroom.live.boxes import BoxControl
from runner.classroom.live.channel import AppConnection, listen
from runner.classroom.live.people import Learner, People
from runner.classroom.live.starts import Starts
from runner.classroom.live.terminal import Door, Terminal, dismiss
from runner.errors import WorkshopError
from runner.language import tr
from runner.pace import MACHINE
from runner.record.event import Event, Gone, Happening, Joined, MirrorAgreed, shortened
from runner.record.intake import Intake
from runner.record.notice import ClassEnded, Demo, DemoFrame, Mirroring, Notice, Pace, Pause, Watched, Welcome
from runner.record.store import EventStore
from runner.record.wire import Hello, Sent, decode
from runner.terminal.size import Size

_AGAIN_SECONDS = 60.0
_CALLS_PER_SECOND, _MOST_CALLS = 2.0, 20
"""The rate at which an app may connect, and how many connections may wait for that."""
_LINES_PER_SECOND, _MOST_LINES = 50.0, 500
_FAREWELL_SECONDS = 5.0
_CLOSE_SECONDS = 30.0


@dataclass(slots=True)
class Place:
    """A learner's place in the class; `message` tells the learner why they have no session."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    terminal: Terminal | None = None
    server: asyncio.Server | None = None
    app: AppConnection | None = None
    door: str = ""
    came: float = float("-inf")
    calls: Allowance = field(default_factory=lambda: Allowance(_CALLS_PER_SECOND, _MOST_CALLS))
    calling: int = 0
    lines: Allowance = field(default_factory=lambda: Allowance(_LINES_PER_SECOND, _MOST_LINES))
    message: str = ""
    trouble: str = ""

    @property
    def connected(self) -> bool:
        """True if the learner is there."""
        if self.terminal is not None:
            return self.terminal.door is not None
        return self.app is not None


class LiveClass:
    """A class; everything in it happens in one event loop."""

    def __init__(
        self,
        *,
        title: str,
        instructor: str,
        roll: People,
        store: EventStore,
        channels: Path | None,
        boxes: BoxControl | None,
    ) -> None:
        """`channels` has a folder for each box, named by its number; without it, each place has its own server already.

        Without `boxes`, people can join only from their own machines.
        """
        self.title, self.instructor = title, instructor
        self.roll, self.store = roll, store
        self.boxes = boxes
        self.pace, self.pause = Pace(), Pause(on=False)
        self.demo, self.watching = False, ""
        self.shown: DemoFrame | None = None
        """The last picture shown in the demo."""
        self._channels = channels
        self._intake = Intake(store, welcome=lambda name: self._welcome(self.roll.named(name)))
        self._places: dict[int, Place] = {}
        self._starts = Starts()
        self.ended = asyncio.Event()

    def place(self, learner: Learner) -> Place:
        """The place of this learner."""
        return self._places.setdefault(learner.number, Place())

    async def sit(self, learner: Learner, door: Door, size: Size) -> Terminal:
        """The terminal of a learner's session, shown at this door from now on; starts a session if there is none.

        Raises:
            WorkshopError: the session cannot begin; the message tells the learner why.
        """
        self._require(learner)
        place = self.place(learner)
        async with place.lock:
            self._require(learner)
            place.message = place.trouble = ""
            if place.terminal is None:
                place.terminal = await self._starts.begin(lambda: self._begin(learner, place, size))
            terminal = place.terminal
            await terminal.attach(door, size)
            if place.terminal is not terminal:
                # It ended while the earlier door was being closed.
                raise WorkshopError(place.message)
            if self.boxes is not None:
                self.boxes.repaint(learner.number)
        self.came(learner, door.kind)
        return terminal

    def _require(self, learner: Learner) -> None:
        """Check that a learner is still in the class: a door may know one whose number has a new owner."""
        if not self.roll.has(learner):
            raise WorkshopError(tr("You are not in this class any more."), remedy=tr("Join it again."))

    def came(self, learner: Learner, door: str) -> None:
        """Record the door by which a learner came in; repeated arrivals are recorded once in a while."""
        if not self.roll.has(learner):
            return
        place, now = self.place(learner), time.monotonic()
        if place.door != door or now - place.came > _AGAIN_SECONDS:
            place.door, place.came = door, now
            self.note(learner, Joined(door))

    async def _begin(self, learner: Learner, place: Place, size: Size) -> Terminal:
        # They may have been removed while they waited for their turn, and another may have their number.
        self._require(learner)
        if self.boxes is None:
            raise WorkshopError(
                tr("This class has no sessions of its own."),
                remedy=tr("Use `workshop join` on a machine of yours."),
            )
        if place.server is None and self._channels is not None:
            path = self._channels / str(learner.number) / CHANNEL
            place.server = await listen(
                path, lambda reader, writer: self.hear(learner, StreamLine(reader, writer))
            )
        try:
            descriptor = await self.boxes.open(learner.number, size.columns, size.rows)
        except WorkshopError as error:
            place.trouble = tr("their session cannot start: {why}", why=error)
            raise WorkshopError(
                tr("Your session cannot start: {why}", why=error),
                remedy=tr("Tell the instructor, and try again."),
            ) from error
        if self._places.get(learner.number) is not place:
            os.close(descriptor)
            raise WorkshopError(place.message)
        return Terminal(descriptor, size)

    async def box_ended(self, number: int, why: str) -> None:
        """Handle the end of a box: by itself, or for the reason given."""
        place = self._places.get(number)
        if place is None or place.terminal is None:
            return
        terminal, place.terminal = place.terminal, None
        door = terminal.door
        place.trouble = tr("their box ended: {why}", why=why) if why else ""
        if not place.message:
            place.message = (
                tr("Your session ended: {why}. What you did is kept.", why=why)
                if why
                else tr("You have left.")
            )
        if door is not None:
            await dismiss(door, place.message, seconds=_FAREWELL_SECONDS)
        await terminal.close()

    async def hear(self, learner: Learner, line: Line) -> None:
        """Handle the connection of a learner's app until it ends; a new connection replaces the earlier one."""
        place = self.place(learner)
        if place.calling >= _MOST_CALLS:
            line.close()
            return
        place.calling += 1
        try:
            await place.calls.take()
        finally:
            place.calling -= 1
        if not self.roll.has(learner):
            line.close()
            return
        if place.app is not None:
            place.app.close()

        def trouble(text: str) -> None:
            # It may quote what the app said.
            place.trouble = shortened(text) or place.trouble

        app = place.app = AppConnection(
            line,
            allowance=place.lines,
            take=lambda said: self._take(learner, place, said),
            trouble=trouble,
        )
        try:
            await app.run()
        finally:
            if place.app is app:
                place.app = None
                if not learner.instructor:
                    self._intake.gone(learner.name)

    def _take(self, learner: Learner, place: Place, line: bytes) -> tuple[Notice, ...]:
        """The notices that answer one line; the connection identifies the speaker."""
        if not self.roll.has(learner):
            # Lines sent before the learner was removed.
            return ()
        said = decode(line, learner.name)
        if learner.instructor:
            # The instructor's own session is not a learner's work.
            welcome = (self._welcome(learner),) if isinstance(said, Hello) else ()
            return self._answered(learner, welcome)
        answers = self._intake.take(learner.name, said)
        if isinstance(said, Sent) and isinstance(said.event.happening, MirrorAgreed):
            current = self.roll.named(learner.name)
            if current is not None:
                try:
                    self.roll.set_mirror(current, mirror=said.event.happening.agreed)
                except WorkshopError as error:
                    place.trouble = str(error)
        if trouble := self._intake.troubles.get(learner.name, ""):
            place.trouble = tr("their machine: {trouble}", trouble=trouble)
        return self._answered(learner, answers)

    def _answered(self, learner: Learner, answers: tuple[Notice, ...]) -> tuple[Notice, ...]:
        """The answers; a welcome is followed by the current state of the class."""
        if not any(isinstance(answer, Welcome) for answer in answers):
            return answers
        return (*answers, *self.standing(learner))

    def standing(self, learner: Learner) -> tuple[Notice, ...]:
        """The notices for a learner who has just come in."""
        if learner.instructor:
            return ()
        watched = (Watched(on=True),) if self.watching == learner.name else ()
        return (
            self.pace,
            *((self.pause,) if self.pause.on else ()),
            *((Demo(on=True),) if self.demo else ()),
            *((self.shown,) if self.demo and self.shown is not None else ()),
            *watched,
        )

    def _welcome(self, learner: Learner | None) -> Welcome:
        mirror, word = Mirroring.NO, ""
        # An instructor is watched by nobody, and their word is no demo's business.
        if learner is not None and not learner.instructor:
            door = self.place(learner).door
            if not self.roll.was_asked(learner, door):
                mirror = Mirroring.ASK
            elif learner.mirror:
                mirror = Mirroring.YES
            if door == "ssh":
                # Nothing there shows the word until the end, as the page does.
                word = learner.word
        return Welcome(title=self.title, instructor=self.instructor, mirror=mirror, word=word)

    def tell(self, learner: Learner, *notices: Notice) -> bool:
        """Send notices to a learner's app; False if it is not connected."""
        app = self.place(learner).app
        if app is None:
            return False
        for notice in notices:
            app.tell(notice)
        return True

    def tell_all(self, *notices: Notice) -> None:
        """Send notices to every learner's app."""
        for learner in self.roll.people:
            self.tell(learner, *notices)

    async def remove(self, learner: Learner, reason: str) -> None:
        """Remove a learner from the class, with everything in their box.

        Raises:
            WorkshopError: the class's machine cannot do it.
        """
        self.roll.remove(learner)
        place = self.place(learner)
        # The next learner with this number is another person.
        del self._places[learner.number]
        place.message = tr("The instructor has taken you out of the class. {reason}", reason=reason).strip()
        self.note(learner, Gone(reason or "removed"))
        if place.app is not None:
            place.app.close()
        if place.server is not None:
            place.server.close()
            place.server = None
        terminal, place.terminal = place.terminal, None
        try:
            if self.boxes is not None:
                self.boxes.forget(learner.number)
        finally:
            if terminal is not None:
                if terminal.door is not None:
                    await dismiss(terminal.door, place.message, seconds=_FAREWELL_SECONDS)
                await terminal.close()

    async def end(self, text: str) -> None:
        """End the class."""
        self.tell_all(ClassEnded(text))
        doors: list[Door] = []
        message = text or tr("The class is over.")
        for place in self._places.values():
            place.message = message
            if place.terminal is not None and place.terminal.door is not None:
                doors.append(place.terminal.door)
        await asyncio.gather(*(dismiss(door, message, seconds=_FAREWELL_SECONDS) for door in doors))
        self.ended.set()

    async def again(self, learner: Learner) -> None:
        """End a learner's session that hangs, so that another one can begin.

        Raises:
            TimeoutError: the session does not end.
        """
        place = self.place(learner)
        if self.boxes is not None and place.terminal is not None:
            place.message = tr("Your session is being restarted. What you did is kept.")
            await self._close_box(learner, place)

    async def _close_box(self, learner: Learner, place: Place) -> None:
        assert self.boxes is not None
        self.boxes.close(learner.number)
        async with asyncio.timeout(MACHINE.stretched(_CLOSE_SECONDS)):
            while place.terminal is not None:
                await asyncio.sleep(0.05)

    def note(self, learner: Learner, happening: Happening) -> None:
        """Record what happened to a learner."""
        if not learner.instructor:
            self.store.append(
                Event(
                    learner=learner.name, workshop="", lab="", step="", time=time.time(), happening=happening
                )
            )
