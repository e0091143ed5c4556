"""A learner's server carries out the instructor's orders, and reports the learner's presence."""

import asyncio
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import replace

from runner.classroom.live.desk import Desk
from runner.errors import WorkshopError
from runner.hub.orders import LOOK_SECONDS, ORDER, PERSON, SAY_SECONDS, Posted, ShowTerminal, valid_orders
from runner.hub.showing import Showing
from runner.record.bulletin import BulletinBoard
from runner.record.codec import packed
from runner.teaching.control import (
    EndClass,
    Order,
    Person,
    Remove,
    SendNudge,
    SetPace,
    SetPause,
    SettleHelp,
    Watch,
)

_LASTING = (SetPace, SetPause, ShowTerminal, Watch)
"""Orders that hold until the next of their kind or the class's end, so that late arrivals get them too.

A restarted server is a late arrival. A pin tells whether a learner is still watched.
"""


class OrderExecutor:
    """Carries out the board's orders in a learner's server, and reports the learner's status on the board."""

    def __init__(self, board: BulletinBoard, desk: Desk, showing: Showing, learner: str) -> None:
        self._board, self._desk, self._showing, self._learner = board, desk, showing, learner
        self._place = 0
        self._said: Person | None = None
        self._said_at = float("-inf")

    async def run(self) -> None:
        """Read orders and report, while the server runs."""
        new = False
        while True:
            try:
                posted = await asyncio.to_thread(self._board.since, ORDER, self._place)
                orders = valid_orders(posted)
                await self._obey(orders if new else _lasting(orders), new=new)
                if posted:
                    self._place = posted[-1][0]
                new = True
                await self._say()
            except (OSError, WorkshopError) as error:
                logging.getLogger(__name__).warning("the class's board cannot be reached: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def stop(self) -> None:
        """Report that the learner has left; for one who was removed from the class, delete the report.

        Raises:
            OSError: the board cannot be reached now.
        """
        person = self._person()
        if person is not None:
            text = json.dumps(packed(replace(person, connected=False)))
            await asyncio.to_thread(self._board.pin, PERSON, self._learner, text)
        else:
            await asyncio.to_thread(self._board.unpin, PERSON, self._learner)

    async def _obey(self, orders: Sequence[Posted], *, new: bool) -> None:
        """Carry out orders; those that are not `new` are older than this server."""
        for order in orders:
            match order:
                case ShowTerminal(of):
                    self._showing.demo_of = of
                case Watch(name):
                    if name == self._learner:
                        self._showing.may_be_watched = True
                        if new:
                            await self._desk.do(order)
                case EndClass():
                    self._showing.demo_of = ""
                    await self._desk.do(order)
                case _ if (mine := _for(order, self._learner)) is not None:
                    await self._desk.do(mine)

    async def _say(self) -> None:
        person, now = self._person(), time.monotonic()
        if person is not None and (person != self._said or now - self._said_at > SAY_SECONDS):
            text = json.dumps(packed(person))
            await asyncio.to_thread(self._board.pin, PERSON, self._learner, text)
            self._said, self._said_at = person, now

    def _person(self) -> Person | None:
        """The learner, unless they were removed from the class."""
        status = self._desk.status()
        found = next((one for one in status.people if one.name == self._learner), None)
        return None if found is None else replace(found, trouble=found.trouble or status.trouble)


def _lasting(orders: Sequence[Posted]) -> list[Posted]:
    """The earlier orders that are still in force."""
    ends = [at for at, order in enumerate(orders, 1) if isinstance(order, EndClass)]
    return [order for order in orders[ends[-1] if ends else 0 :] if isinstance(order, _LASTING)]


def _for(order: Posted, learner: str) -> Order | None:
    """The part of an order that is addressed to this learner."""
    match order:
        case SendNudge(to, nudge):
            return SendNudge((learner,), nudge) if learner in to else None
        case SettleHelp(name) | Remove(name):
            return order if name == learner else None
        case SetPace() | SetPause():
            return order
        case _:
            return None
