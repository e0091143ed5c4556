"""The class's intake of the lines that its learners' apps send."""

import time
from collections.abc import Callable
from dataclasses import replace

from runner.record.event import Event, ForgetAsked, Gone, Joined, NotesKept, cleaned, shortened
from runner.record.notice import Notice, Welcome
from runner.record.store import EventStore, Received
from runner.record.wire import BadLineError, Hello, Ping, ToClass

SKEW = 2.0
"""Seconds by which a learner's clock may be wrong before their times are corrected."""
MOST_RECORDS = 1000
"""The number of records distinguished per learner: each app that starts afresh has one, and each takes room here."""
LONGEST_DELAY = 12 * 3600.0
"""Seconds that an event may be late, as after a lost network; anything later is dated by its arrival."""


class Intake:
    """Writes the lines of learners' channels into the class's store, each event once; for one thread at a time.

    The channel identifies the speaker: no line can claim to be from another. `troubles` maps each learner to what their
    machine cannot write down.
    """

    def __init__(
        self,
        store: EventStore,
        *,
        welcome: Callable[[str], Welcome],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._welcome = welcome
        self._clock = clock
        self._records: dict[str, Received] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        """The last number received of each record, also while the store cannot answer."""
        self._skews: dict[str, float] = {}
        self.troubles: dict[str, str] = {}

    def take(self, learner: str, said: ToClass) -> tuple[Notice, ...]:
        """Take in a line from an app; returns the answers.

        Raises:
            BadLineError: an app may not send this.
            WorkshopError: the store cannot take it now; nothing of it was stored.
        """
        match said:
            case Hello(record, theirs):
                self._compare_clocks(learner, theirs)
                number = self._numbers.get((learner, record))
                if number is None:
                    number = self._store.received(learner, record)
                self._records[learner] = Received(learner, record, number or 0)
                return (replace(self._welcome(learner), received=number),)
            case Ping(trouble, theirs):
                self._compare_clocks(learner, theirs)
                self.troubles[learner] = shortened(trouble)
                return ()
        known = self._records.get(learner)
        if known is None:
            raise BadLineError("an event before the hello")
        if said.number <= known.number:
            return ()
        # By kind, since a kind that is not sent must not come in as a damaged event either.
        kind = said.event.happening.kind
        if kind == NotesKept.kind:
            raise BadLineError("a learner's notes are theirs alone")
        if kind in {Joined.kind, Gone.kind}:
            raise BadLineError("who comes and goes is for the class to say")
        if known.number == 0 and max(self._records_of(learner), self._store.records(learner)) >= MOST_RECORDS:
            raise BadLineError("one record too many")
        received = replace(known, number=said.number)
        if isinstance(said.event.happening, ForgetAsked):
            self._store.delete(learner)
        else:
            self._store.append(self._put_right(said.event), received=received)
        # Only now: an event that the store refused is to be sent again.
        self._records[learner] = received
        self._numbers[learner, received.record] = said.number
        return ()

    def _records_of(self, learner: str) -> int:
        return sum(name == learner for name, _ in self._numbers)

    def gone(self, learner: str) -> None:
        """Note that the channel of a learner has ended."""
        self._records.pop(learner, None)
        self._skews.pop(learner, None)
        self.troubles.pop(learner, None)

    def _compare_clocks(self, learner: str, theirs: float) -> None:
        skew = self._clock() - theirs
        self._skews[learner] = skew if theirs and abs(skew) > SKEW else 0.0

    def _put_right(self, event: Event) -> Event:
        """The event with a possible time, and texts that are safe to show."""
        now = self._clock()
        then = event.time + self._skews.get(event.learner, 0.0)
        when = then if now - LONGEST_DELAY <= then <= now else now
        return replace(event, time=when, happening=cleaned(event.happening))
