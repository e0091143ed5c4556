"""The one learner of a server, as named by the Hub."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from runner.classroom.live.people import Learner
from runner.record.event import Event, MirrorAgreed

_NUMBER = 1


class Owner:
    """A class of one person, whose name comes from the Hub."""

    def __init__(self, name: str, number: int = _NUMBER, known: Iterable[Event] = ()) -> None:
        """`number` is their box's; `known` are the recorded events of the person."""
        answers = [event.happening.agreed for event in known if isinstance(event.happening, MirrorAgreed)]
        self.learner = Learner(number, name, "", mirror=bool(answers and answers[-1]))
        self._was_asked = bool(answers)
        self.removed = asyncio.Event()
        """Set once they were removed from the class."""
        # Anyone who teaches looks at the dashboard, and has no session here.
        self.instructor = Learner(0, "", "", mirror=False, instructor=True)
        self.seats = 1

    @property
    def people(self) -> tuple[Learner, ...]:
        """The owner, unless they were removed from the class."""
        return () if self.removed.is_set() else (self.learner,)

    def has(self, learner: Learner) -> bool:
        """True if the learner is the owner, and still in the class."""
        return not self.removed.is_set() and learner.number == self.learner.number

    def named(self, name: str) -> Learner | None:
        """The owner, if this is their name."""
        return next((one for one in self.people if one.name == name), None)

    def was_asked(self, learner: Learner, door: str) -> bool:  # noqa: ARG002 - there is one learner, and one door
        """True if they have ever answered whether their terminal may be seen."""
        return self._was_asked

    def set_mirror(self, learner: Learner, *, mirror: bool) -> None:
        """Store whether they let their terminal be seen; their record has it too."""
        if self.has(learner):
            self.learner, self._was_asked = replace(self.learner, mirror=mirror), True

    def remove(self, learner: Learner) -> None:
        """Remove them from the class, while this server runs: they may start another one."""
        if self.has(learner):
            self.removed.set()
