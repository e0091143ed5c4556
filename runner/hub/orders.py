"""What an instructor orders, and who is there, on the class's board: each learner's server looks, and says."""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from runner.classroom.live.desk import Desk
from runner.errors import WorkshopError
from runner.record.bulletin import BulletinBoard, Pinned
from runner.record.codec import packed, unpacked
from runner.record.event import shortened
from runner.record.notice import DemoFrame
from runner.teaching.control import (
    ORDERS,
    ClassStatus,
    EndClass,
    Order,
    Person,
    SendNudge,
    SetPace,
    SetPause,
    SettleHelp,
)

_ORDER, _PERSON = "order", "person"
_LOOK_SECONDS = 1.0
_SAY_SECONDS = 20.0
"""How often a server says that its learner is there still, if nothing has changed."""
_LOST_SECONDS = 3 * _SAY_SECONDS
_LASTING = (SetPace, SetPause)
"""Orders that hold until the next of their kind, so anyone who comes later hears of them too."""


def encode(order: Order) -> str:
    """An order as it stands on the board."""
    return json.dumps({"order": type(order).__name__, "data": packed(order)})


def decode(text: str) -> Order:
    """The order that stands there.

    Raises:
        ValueError: it is none, or a newer version's.
    """
    try:
        found = json.loads(text)
        return unpacked(ORDERS[found["order"]], found["data"])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"no order: {text[:80]}") from error


class Obedience:
    """Has the orders of the board done by a learner's server, and says there how its learner is."""

    def __init__(self, board: BulletinBoard, desk: Desk, learner: str) -> None:
        self._board, self._desk, self._learner = board, desk, learner
        self._place = 0
        self._said: Person | None = None
        self._said_at = float("-inf")

    async def run(self) -> None:
        """Look and say, for as long as the server runs."""
        new = False
        while True:
            try:
                orders = await asyncio.to_thread(self._board.since, _ORDER, self._place)
                await self._obey(orders, new=new)
                new = True
                await self._say()
            except OSError as error:
                logging.getLogger(__name__).warning("the class's board cannot be had: %s", error)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _obey(self, posted: Sequence[tuple[int, str]], *, new: bool) -> None:
        """Do what is ordered; of what was ordered before the server began, only what lasts."""
        for place, text in posted:
            self._place = place
            with suppress(ValueError):
                order = decode(text)
                if (new or isinstance(order, _LASTING)) and (mine := _for(order, self._learner)) is not None:
                    await self._desk.do(mine)

    async def _say(self) -> None:
        status = self._desk.status()
        person = replace(status.people[0], trouble=status.people[0].trouble or status.trouble)
        if person != self._said or time.monotonic() - self._said_at > _SAY_SECONDS:
            text = json.dumps(packed(person))
            await asyncio.to_thread(self._board.pin, _PERSON, self._learner, text)
            self._said, self._said_at = person, time.monotonic()


def _for(order: Order, learner: str) -> Order | None:
    """What of an order is for this learner."""
    match order:
        case SendNudge(to, nudge):
            return SendNudge((learner,), nudge) if learner in to else None
        case SettleHelp(name):
            return order if name == learner else None
        case SetPace() | SetPause() | EndClass():
            return order
        case _:
            return None


class BoardControl:
    """A `ClassControl` of a class whose learners have servers of their own."""

    def __init__(self, board: BulletinBoard, *, title: str, joining: str) -> None:
        self._board = board
        self._status = ClassStatus(title, joining=(joining,))
        self._place = 0
        self._looked = float("-inf")

    def status(self) -> ClassStatus:
        """The class as it is now, looked at once in a while."""
        if time.monotonic() - self._looked > _LOOK_SECONDS:
            self._looked = time.monotonic()
            try:
                self._look()
            except OSError as error:
                self._status = replace(self._status, trouble=str(error))
        return self._status

    def _look(self) -> None:
        for place, text in self._board.since(_ORDER, self._place):
            self._place = place
            with suppress(ValueError):
                self._take(decode(text))
        people = tuple(_person(pinned) for pinned in self._board.pinned(_PERSON))
        self._status = replace(self._status, people=people, seats=len(people), trouble="")

    def _take(self, order: Order) -> None:
        match order:
            case SetPace(pace):
                self._status = replace(self._status, pace=pace)
            case SetPause(pause):
                self._status = replace(self._status, pause=pause)

    def give(self, order: Order) -> None:
        """Post an order, which learners' servers find within a moment.

        Raises:
            WorkshopError: it cannot be done in such a class, or not now.
        """
        if not isinstance(order, SendNudge | SetPace | SetPause | SettleHelp | EndClass):
            raise WorkshopError(
                "that goes on one machine alone: here, no terminal is shown to others, and the Hub shuts people out"
            )
        try:
            self._board.post(_ORDER, encode(order))
        except OSError as error:
            raise WorkshopError(str(error), remedy="try again in a moment") from error
        self._looked = float("-inf")

    def mirrored(self) -> DemoFrame | None:
        """Nothing: no terminal is mirrored."""
        return None


def _person(pinned: Pinned) -> Person:
    try:
        person = unpacked(Person, json.loads(pinned.text))
    except (ValueError, RecursionError):
        person = Person(pinned.author)
    there = person.connected and pinned.age < _LOST_SECONDS
    return replace(person, name=pinned.author, connected=there, trouble=shortened(person.trouble))
