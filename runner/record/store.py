"""The protocol of event stores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from runner.record.event import Event

MOST_EVENTS = 100_000
"""The number of events kept per learner: some hundred hours of work."""
MOST_BYTES = 64 << 20
"""The number of bytes of events, as JSON, kept per learner."""


@dataclass(frozen=True, slots=True)
class Received:
    """The last number received of the learner's own record with this id."""

    learner: str
    record: str
    number: int


class Span(NamedTuple):
    """The places of a learner's first and last stored event; 0 if all of theirs wait in memory."""

    first: int = 0
    last: int = 0


class EventStore(Protocol):
    """Events of any number of learners, for any number of threads and processes at once.

    Events that cannot be written now are kept in memory and written as soon as possible; `trouble` says so meanwhile.
    A learner's events are bounded: the oldest perishable ones make room. When hardly any are left, new events are
    refused until the learner's are deleted, which `trouble` says too.
    """

    @property
    def trouble(self) -> str:
        """The reason why some events are not stored, or were refused; "" if all is well."""

    def append(self, *events: Event, received: Received | None = None) -> None:
        """Write events, and with them how far a learner's own record has come in."""

    def events(self, learner: str) -> tuple[Event, ...]:
        """All events of a learner, in the order they were written."""

    def after(self, place: int, limit: int = 1000) -> Sequence[tuple[int, Event]]:
        """The next stored events after a place (0: from the beginning), each with its own place; places rise."""

    def learners(self) -> Mapping[str, Span]:
        """Every learner with recorded events, in the order of their names, and where their events are.

        A follower who read events of a learner elsewhere has read what is gone.
        """

    def delete(self, learner: str) -> int:
        """Delete all events of a learner; returns the number deleted.

        Raises:
            WorkshopError: the events cannot be deleted now.
        """

    def received(self, learner: str, record: str) -> int | None:
        """The last number received of a learner's own record; None if nothing ever was."""

    def records(self, learner: str) -> int:
        """The number of a learner's records of which events, or the start, have come in.

        The known ones if there is `trouble`.
        """

    def close(self) -> None:
        """Close the store, after one more try to write the events in memory."""
