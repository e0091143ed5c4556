"""A class whose learners have their own servers, from the instructor's side: posts orders, and reads who is there."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from runner.errors import WorkshopError
from runner.hub.orders import (
    LOOK_SECONDS,
    ORDER,
    PERSON,
    SAY_SECONDS,
    Posted,
    ShowTerminal,
    encode,
    valid_orders,
)
from runner.hub.showing import AGAIN_SECONDS, PICTURE, WATCH, frame_of
from runner.json_value import json_value
from runner.language import tr
from runner.record.bulletin import BulletinBoard, Pinned
from runner.record.codec import unpacked
from runner.record.event import shortened
from runner.record.notice import DemoFrame
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

_LOST_SECONDS = 3 * SAY_SECONDS
_PICTURE_SECONDS = 0.5
_CLOSE_SECONDS = 2.0


class BoardControl:
    """A `ClassControl` of a class whose learners have their own servers, for one instructor, by name."""

    def __init__(self, board: BulletinBoard, *, title: str, joining: str, instructor: str) -> None:
        self._board = board
        self._instructor = instructor
        self._status = ClassStatus(title, joining=(joining,))
        self._picture: DemoFrame | None = None
        self._place = 0
        self._watched_at = float("-inf")
        self._acting = threading.Lock()
        """For the board: a look must not pin again what an order takes away meanwhile."""
        self._woken = threading.Event()
        self._closed = False

    def status(self) -> ClassStatus:
        """The class as it was at the last look."""
        return self._status

    def mirrored(self) -> DemoFrame | None:
        """The screen of the watched learner at the last look; None if it is not known yet."""
        return self._picture

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look again and again while the block runs, in a thread of its own: the board may take seconds to answer."""
        thread = threading.Thread(target=self._keep_looking, name="class", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._closed = True
            self._woken.set()
            thread.join(_CLOSE_SECONDS)

    def _keep_looking(self) -> None:
        while not self._closed:
            self._woken.clear()
            self.look()
            self._woken.wait(_PICTURE_SECONDS if self._status.watching else LOOK_SECONDS)

    def look(self) -> None:
        """Read the board, which may take seconds."""
        with self._acting:
            try:
                self._look()
            except OSError as error:
                self._status = replace(self._status, trouble=str(error))

    def _look(self) -> None:
        posted = self._board.since(ORDER, self._place)
        for order in valid_orders(posted):
            self._take(order)
        if posted:
            self._place = posted[-1][0]
        self._go_on_watching()
        people = tuple(_person(pinned) for pinned in self._board.pinned(PERSON))
        self._status = replace(self._status, people=people, seats=len(people), trouble="")
        if watched := self._status.watching:
            pictures = {one.author: one for one in self._board.pinned(PICTURE)}
            self._picture = frame_of(pictures[watched]) if watched in pictures else None

    def _take(self, order: Posted) -> None:
        match order:
            case SetPace(pace):
                self._status = replace(self._status, pace=pace)
            case SetPause(pause):
                self._status = replace(self._status, pause=pause)
            case ShowTerminal(of):
                self._status = replace(self._status, demo=bool(of))
            case EndClass():
                nothing = ClassStatus("")
                self._status = replace(self._status, pace=nothing.pace, pause=nothing.pause, demo=False)

    def give(self, order: Order) -> None:
        """Post an order, which learners' servers find within a moment.

        Raises:
            WorkshopError: it cannot be done, or not now.
        """
        with self._acting:
            try:
                self._give(order)
            except OSError as error:
                raise WorkshopError(str(error), remedy=tr("try again in a moment")) from error
        self._woken.set()

    def _give(self, order: Order) -> None:
        match order:
            case Watch(name):
                self._watch(name)
            case SetDemo(on):
                self._post(ShowTerminal(self._shown() if on else ""))
            case SendNudge(to):
                self._post(order)
                self._say_absent(to)
            case SettleHelp(name):
                self._post(order)
                self._say_absent([name])
            case Remove(name):
                self._post(order)
                # If their server does not run, nothing else removes the name.
                self._board.unpin(PERSON, name)
            case EndClass():
                # Nothing that was ordered before holds any more.
                self._board.drop_before(ORDER, self._post(order))
            case _:
                self._post(order)

    def _post(self, order: Posted) -> int:
        place = self._board.post(ORDER, encode(order))
        self._take(order)
        return place

    def _say_absent(self, to: Sequence[str]) -> None:
        """Report the learners who will not get it, since their servers do not run.

        Raises:
            WorkshopError: a learner will not get it.
        """
        there = {person.name for person in self._status.people if person.connected}
        if absent := [name for name in to if name not in there]:
            raise WorkshopError(tr("not there, so not told: {names}", names=", ".join(absent)))

    def _shown(self) -> str:
        """The name of the person whose terminal a demo shows: the instructor's own.

        Raises:
            WorkshopError: they have no session.
        """
        if not any(person.name == self._instructor and person.connected for person in self._status.people):
            raise WorkshopError(
                tr(
                    "there is no session of yours to show: open your own server at the Hub's page, and leave it open"
                )
            )
        return self._instructor

    def _watch(self, name: str) -> None:
        """Watch a learner, or stop watching for "".

        Raises:
            WorkshopError: they have not agreed, or are not there.
            OSError: the board cannot be reached now.
        """
        person = next((one for one in self._status.people if one.name == name), None)
        if name and person is None:
            raise WorkshopError(tr("{name} is not in the class", name=name))
        if person is not None and not person.mirror:
            raise not_agreed(name)
        if person is not None and not person.connected:
            raise WorkshopError(tr("{name} has no terminal here that could be seen", name=name))
        self._status, self._picture = replace(self._status, watching=""), None
        if name:
            # Before the order: a server that gets it looks for a watcher's pin.
            self._board.pin(WATCH, self._instructor, name)
            self._watched_at = time.monotonic()
            self._post(Watch(name))
            self._status = replace(self._status, watching=name)
        else:
            self._board.unpin(WATCH, self._instructor)

    def _go_on_watching(self) -> None:
        """Renew the pin for the learner who is watched."""
        since = time.monotonic() - self._watched_at
        if self._status.watching and since > AGAIN_SECONDS:
            self._board.pin(WATCH, self._instructor, self._status.watching)
            if since > 2 * AGAIN_SECONDS:
                # The last pin is old by now, or soon was, and no server follows it any more.
                self._post(Watch(self._status.watching))
            self._watched_at = time.monotonic()


def _person(pinned: Pinned) -> Person:
    try:
        person = unpacked(Person, json_value(pinned.text))
    except ValueError:
        person = Person(pinned.author)
    there = person.connected and pinned.age < _LOST_SECONDS
    return replace(person, name=pinned.author, connected=there, trouble=shortened(person.trouble))
