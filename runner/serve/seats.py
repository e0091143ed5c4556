"""The limit on sessions at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from runner.serve.admission import Guest

Leave = Callable[[], Awaitable[object]]


class NoSeatError(Exception):
    """Every seat is taken by another guest."""


@dataclass(frozen=True, slots=True)
class _Seat:
    leave: Leave
    freed: asyncio.Event = field(default_factory=asyncio.Event)


class Seats:
    """At most `limit` sessions, and one for each guest: a guest who comes again replaces their earlier session.

    So a reloaded page waits for its own session to end, and two sessions never share a guest's folder.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._taken: dict[Guest, _Seat] = {}

    def has_room(self, guest: Guest) -> bool:
        """True if `guest` would get a seat now."""
        return guest in self._taken or len(self._taken) < self.limit

    @asynccontextmanager
    async def taken(self, guest: Guest, leave: Leave) -> AsyncIterator[None]:
        """Hold a seat; `leave` is called when it is wanted back, and the block should end then.

        Raises:
            NoSeatError: no seat is free.
        """
        while (before := self._taken.get(guest)) is not None:
            await before.leave()
            await before.freed.wait()
        if not self.has_room(guest):
            raise NoSeatError
        seat = self._taken[guest] = _Seat(leave)
        try:
            yield
        finally:
            del self._taken[guest]
            seat.freed.set()

    async def clear(self) -> None:
        """Ask every guest to leave."""
        await asyncio.gather(*(seat.leave() for seat in self._taken.values()), return_exceptions=True)
