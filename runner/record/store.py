"""The protocol of event stores."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from runner.record.event import Event

MOST_EVENTS = 100_000
"""Events of one learner that are kept: some hundred hours of work."""
MOST_BYTES = 64 << 20
"""Bytes of one learner's events, as JSON, that are kept."""


@dataclass(frozen=True, slots=True)
class Received:
    """Up to which number the events of a learner's own record, by its id, have come in."""

    learner: str
    record: str
    number: int


class EventStore(Protocol):
    """Events of any number of learners, for any number of threads and processes at once.

    What cannot be written now is kept in memory and written as soon as it can be; `trouble` says so meanwhile.
    A learner's events are bounded: the oldest perishable ones make room, and where there is hardly any, new ones are
    refused until the learner's are deleted, which `trouble` says too.
    """

    @property
    def trouble(self) -> str:
        """Why not everything is on disk, or was refused; "" if all is well."""

    def append(self, *events: Event, received: Received | None = None) -> None:
        """Write events, and with them how far a learner's own record has come in."""

    def events(self, learner: str) -> tuple[Event, ...]:
        """All events of a learner, in the order they were written."""

    def after(self, place: int, limit: int = 1000) -> Sequence[tuple[int, Event]]:
        """The next events on disk behind a place, 0 for the beginning, each with its own place, which rises."""

    def learners(self) -> tuple[str, ...]:
        """Everyone of whom something is recorded, by name."""

    def delete(self, learner: str) -> int:
        """Forget all of a learner; how many events that were.

        Raises:
            WorkshopError: it cannot be deleted now.
        """

    def received(self, learner: str, record: str) -> int | None:
        """The number up to which a learner's own record has come in; None if nothing ever has."""

    def records(self, learner: str) -> int:
        """How many records of a learner have come in, or begun to; those that are known of, if there is `trouble`."""

    def close(self) -> None:
        """Let go of it, after trying once more to write what is in memory only."""
