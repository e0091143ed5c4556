"""Classes for tests, written as lists of events."""

from runner.lab.model.workshop import Workshop
from runner.record.event import Event, Happening


class Past:
    """Writes events of a workshop's lab by its name, with a clock for each learner."""

    def __init__(self, workshop: Workshop | str = "w", start: float = 1000.0) -> None:
        self._workshop = workshop if isinstance(workshop, str) else workshop.id
        self._start = start
        self._clocks: dict[str, float] = {}
        self.events: list[Event] = []

    def add(self, learner: str, place: str, *happenings: Happening, after: float = 0.0) -> "Past":
        """An event of a learner in "lab" or "lab/step", `after` seconds from their previous one."""
        lab, _, step = place.partition("/")
        self._clocks[learner] = self._clocks.get(learner, self._start) + after
        self.events += [
            Event(
                learner=learner,
                workshop=self._workshop,
                lab=lab,
                step=step,
                time=self._clocks[learner],
                happening=happening,
            )
            for happening in happenings
        ]
        return self
