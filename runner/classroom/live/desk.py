"""The instructor's desk: carries out orders in a live class, and reports its status."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress

from runner.classroom.live.live_class import LiveClass
from runner.classroom.live.people import Learner
from runner.classroom.live.terminal import Terminal
from runner.errors import WorkshopError, told
from runner.language import tr
from runner.record.event import HelpSettled
from runner.record.notice import Demo, DemoFrame, Helped, Nudge, Watched
from runner.teaching.control import (
    ClassStatus,
    EndClass,
    Order,
    Person,
    Remove,
    SendNudge,
    SetDemo,
    SetPace,
    SetPause,
    SettleHelp,
    Watch,
    not_agreed,
)

_BEAT = 0.25
"""Seconds between two pictures of a terminal that others see."""
_TOLD_SECONDS = 15.0


class Desk:
    """Carries out the instructor's orders; `joining`, `link` and `own` are those of the class's status."""

    def __init__(self, live: LiveClass, *, joining: Sequence[str], link: str = "", own: str = "") -> None:
        self._live = live
        self._joining = tuple(joining)
        self._link = link
        self._own = own
        self._refused, self._refused_at = "", float("-inf")
        self._picture: DemoFrame | None = None

    @property
    def picture(self) -> DemoFrame | None:
        """The screen of the watched learner."""
        return self._picture

    def status(self) -> ClassStatus:
        """The class as it is now."""
        live = self._live
        recent = time.monotonic() - self._refused_at < _TOLD_SECONDS
        return ClassStatus(
            title=live.title,
            joining=self._joining,
            link=self._link,
            own=self._own,
            seats=live.roll.seats,
            people=tuple(self._person(learner) for learner in live.roll.people),
            pace=live.pace,
            pause=live.pause,
            demo=live.demo,
            watching=live.watching,
            trouble=(self._refused if recent else "") or self._unrecorded(),
            over=live.ended.is_set(),
        )

    def _unrecorded(self) -> str:
        """The reason why the record cannot be written; "" if it can."""
        if not (trouble := self._live.store.trouble):
            return ""
        # The file's path here means nothing to anyone outside.
        why = trouble.rpartition(": ")[2]
        return tr("the record cannot be written, what happens waits in memory: {why}", why=why)

    def _person(self, learner: Learner) -> Person:
        place = self._live.place(learner)
        return Person(
            learner.name,
            connected=place.connected,
            door=place.door,
            mirror=learner.mirror,
            trouble=place.trouble,
        )

    async def do(self, order: Order) -> None:
        """Carry out an order; the reason for a failure appears in `ClassStatus.trouble`."""
        try:
            await self._do(order)
        except TimeoutError:
            self._refuse(tr("that took too long"))
        except (WorkshopError, OSError) as error:
            self._refuse(str(told(error)))

    def _refuse(self, why: str) -> None:
        self._refused, self._refused_at = why, time.monotonic()

    async def _do(self, order: Order) -> None:
        live = self._live
        match order:
            case SendNudge(to, nudge):
                self._nudge(to, nudge)
            case SetPace(pace):
                live.pace = pace
                live.tell_all(pace)
            case SetPause(pause):
                live.pause = pause
                live.tell_all(pause)
            case SetDemo(on):
                self._demo(on=on)
            case Watch(name):
                self._watch(name)
            case SettleHelp(name):
                live.note(self._learner(name), HelpSettled())
                live.tell(self._learner(name), Helped())
            case Remove(name, reason):
                learner = self._learner(name)
                if live.watching == learner.name:
                    self._watch("")
                await live.remove(learner, reason)
            case EndClass(text):
                await live.end(text)

    def _nudge(self, to: Sequence[str], nudge: Nudge) -> None:
        people = {name: self._live.roll.named(name) for name in to}
        absent = [name for name, one in people.items() if one is None or not self._live.tell(one, nudge)]
        if absent:
            raise WorkshopError(tr("not there, so not told: {names}", names=", ".join(absent)))

    def _demo(self, *, on: bool) -> None:
        live = self._live
        terminal = live.place(live.roll.instructor).terminal
        if on and terminal is None:
            raise WorkshopError(
                tr("there is no session of yours to show: join in a browser with the instructor's code")
            )
        live.demo, live.shown = on, None
        live.tell_all(Demo(on))
        self.follow(live.roll.instructor, terminal, on=on)

    def _watch(self, name: str) -> None:
        live = self._live
        learner = self._learner(name) if name else None
        if learner is not None and not learner.mirror:
            raise not_agreed(learner.name)
        if learner is not None and live.place(learner).terminal is None:
            raise WorkshopError(tr("{name} has no terminal here that could be seen", name=learner.name))
        if learner is not None and live.place(learner).app is None:
            raise WorkshopError(
                tr(
                    "{name} could not be told that they are watched: their app does not answer",
                    name=learner.name,
                )
            )
        before = live.roll.named(live.watching) if live.watching else None
        if before is not None:
            self.follow(before, live.place(before).terminal, on=False)
            live.tell(before, Watched(on=False))
        live.watching, self._picture = "", None
        if learner is not None:
            # The learner knows before the first picture is taken.
            live.watching = learner.name
            live.tell(learner, Watched(on=True))
            self.follow(learner, live.place(learner).terminal, on=True)

    def follow(self, learner: Learner, terminal: Terminal | None, *, on: bool) -> None:
        """Start or stop following a terminal's output, so that pictures of it can be taken."""
        if terminal is None:
            return
        if on and self._live.boxes is not None:
            # The current content of the screen is painted again; where it cannot be asked for now, the next look asks.
            self._live.boxes.repaint(learner.number)
        terminal.watch(on=on)

    def _learner(self, name: str) -> Learner:
        found = self._live.roll.named(name)
        if found is None:
            raise WorkshopError(tr("{name} is not in the class", name=name))
        return found

    async def run(self) -> None:
        """Take pictures of the terminals that others see, while the class is held."""
        shown: DemoFrame | None = None
        while True:
            await asyncio.sleep(_BEAT)
            with suppress(WorkshopError):
                self.look()
                shown = self._show(shown)

    def look(self) -> None:
        """Take a picture of the watched terminal; watching ends if it is gone or no longer allowed."""
        live = self._live
        if not live.watching:
            return
        learner = live.roll.named(live.watching)
        if learner is None or not learner.mirror or live.place(learner).terminal is None:
            # They are gone, or no longer agree.
            self._watch("")
            return
        terminal = live.place(learner).terminal
        assert terminal is not None
        if not terminal.watched:
            self.follow(learner, terminal, on=True)
        self._picture = terminal.picture()

    def _show(self, before: DemoFrame | None) -> DemoFrame | None:
        live = self._live
        if not live.demo:
            return None
        terminal = live.place(live.roll.instructor).terminal
        if terminal is None:
            self._demo(on=False)
            return None
        if not terminal.watched:
            self.follow(live.roll.instructor, terminal, on=True)
        now = terminal.picture()
        if now is not None and now != before:
            live.tell_all(now)
            live.shown = now
        return now
