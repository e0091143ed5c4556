"""Limits on the events that a store keeps of a learner, and how room is made at the limit."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from runner.record.event import Event
from runner.record.rows import row_of


class Size(NamedTuple):
    """A number of events, and of characters in their data."""

    events: int
    data: int

    def with_(self, events: Sequence[Event]) -> "Size":
        """The size with these events added."""
        return Size(self.events + len(events), self.data + sum(len(row_of(one)[-1]) for one in events))

    def beyond(self, most: "Size") -> bool:
        """True if either number is above the limit."""
        return self.events > most.events or self.data > most.data


class Shelf(Protocol):
    """A store's events as a write transaction sees them."""

    def size(self, learner: str) -> Size:
        """The size of a learner's events."""

    def drop_oldest_perishable(self, learner: str, count: int) -> int:
        """Delete up to `count` of the oldest events that no progress depends on; returns the number deleted."""

    def drop_newest(self, learner: str, count: int) -> None:
        """Delete the `count` newest events."""


class Bounds:
    """Keeps each learner's events within `most`; a learner with nothing perishable left is `full`."""

    def __init__(self, most: int, most_data: int) -> None:
        self._most = Size(most, most_data)
        self._scarce = Size(most - most // 20, most_data - most_data // 20)
        """The size above which a learner with no perishable events is full."""
        self._sizes: dict[str, Size] = {}
        self.full: set[str] = set()
        """The learners whose events are refused; remembered, since looking for room each time takes long."""

    @property
    def trouble(self) -> str:
        """A message that names the learners whose events are refused; "" if there are none."""
        return f"the record of {', '.join(sorted(self.full))} is full" if self.full else ""

    def look_again(self) -> None:
        """Forget the known sizes: another process may have made room."""
        self._sizes.clear()
        self.full.clear()

    def heed_others(self, shelf: Shelf) -> None:
        """Accept events again from learners for whom another process has made room."""
        for learner in sorted(self.full):
            if shelf.size(learner) < self._sizes[learner]:
                self.forget(learner)

    def forget(self, learner: str) -> None:
        """Forget the size of a learner whose events were deleted."""
        self._sizes.pop(learner, None)
        self.full.discard(learner)

    def enforce(self, shelf: Shelf, learner: str, new: Sequence[Event]) -> None:
        """Make room for events that were just written."""
        known = self._sizes.get(learner)
        size = shelf.size(learner) if known is None else known.with_(new)
        if size.beyond(self._most):
            room = max(size.events - self._most.events, self._most.events // 20, 1)
            freed = shelf.drop_oldest_perishable(learner, room)
            size = shelf.size(learner)
            if size.beyond(self._most) or (freed < room and size.beyond(self._scarce)):
                self.full.add(learner)
        if size.beyond(self._most):
            heavy = size.data > self._most.data
            refused = max(size.events - self._most.events, len(new) if heavy else 0)
            shelf.drop_newest(learner, refused)
            size = shelf.size(learner)
        self._sizes[learner] = size
