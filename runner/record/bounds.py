"""How much of a learner a store keeps, and what makes room once that is reached."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from runner.record.event import Event
from runner.record.rows import row_of


class Size(NamedTuple):
    """How many events, and how many characters their data has."""

    events: int
    data: int

    def with_(self, events: Sequence[Event]) -> "Size":
        """The size with these events added."""
        return Size(self.events + len(events), self.data + sum(len(row_of(one)[-1]) for one in events))

    def beyond(self, most: "Size") -> bool:
        """Whether either number is above the limit."""
        return self.events > most.events or self.data > most.data


class Shelf(Protocol):
    """A store's events, as it sees them while it writes."""

    def size(self, learner: str) -> Size:
        """How much there is of a learner."""

    def drop_oldest_perishable(self, learner: str, count: int) -> int:
        """Delete so many of the oldest events that no progress depends on; how many there were."""

    def drop_newest(self, learner: str, count: int) -> None:
        """Delete so many of the newest events."""


class Bounds:
    """Keeps each learner's events within `most`; anyone who has nothing perishable left is `full`."""

    def __init__(self, most: int, most_data: int) -> None:
        self._most = Size(most, most_data)
        self._scarce = Size(most - most // 20, most_data - most_data // 20)
        """Beyond it a learner who has nothing perishable is full."""
        self._sizes: dict[str, Size] = {}
        self.full: set[str] = set()
        """The learners whose events are refused: to look again for room would take long, each time."""

    @property
    def trouble(self) -> str:
        """Whose events are refused, in words; "" if nobody's are."""
        return f"the record of {', '.join(sorted(self.full))} is full" if self.full else ""

    def look_again(self) -> None:
        """Forget the sizes that are known: somebody else may have made room."""
        self._sizes.clear()
        self.full.clear()

    def heed_others(self, shelf: Shelf) -> None:
        """Take events again of those for whom somebody else has made room."""
        for learner in sorted(self.full):
            if shelf.size(learner) < self._sizes[learner]:
                self.forget(learner)

    def forget(self, learner: str) -> None:
        """Forget a learner of whom nothing is kept any more."""
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
