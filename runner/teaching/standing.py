"""The current standing of a class: each learner's way, the class's place, and the needs for help."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from runner.lab.model.workshop import Workshop
from runner.record.event import LabReset
from runner.record.store import EventStore, Span
from runner.teaching.control import ClassStatus, Person
from runner.teaching.needs import Moment, Need, NeedKind, need, seconds_here
from runner.teaching.plan import PlannedStep, lab_plan
from runner.teaching.report import ClassReport, medians, report
from runner.teaching.way import Place, Way

_NOWHERE: Place = ("", "", "")
_PAGE = 5000
"""The number of events read at once."""
LONGEST_GAP = 120.0
"""Seconds between two looks after which this machine has slept, or its clock was set: nobody was idle then."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One learner as the instructor sees them; `step` is None until they open a lab."""

    name: str
    person: Person
    way: Way
    step: PlannedStep | None
    seconds: float
    """Seconds at the current step."""
    need: Need
    done: int
    """The number of steps done."""


class Standing:
    """Follows a class's store; `refresh` reads the new events, and later answers are as of that moment."""

    def __init__(self, store: EventStore, workshop: Workshop, *, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self.workshop = workshop
        self.plan: tuple[PlannedStep, ...] = tuple(
            step for number, lab in enumerate(workshop.labs, 1) for step in lab_plan(workshop, lab, number)
        )
        self.ways: dict[str, Way] = {}
        self.seats: tuple[Seat, ...] = ()
        """Every learner, sorted by need of help."""
        self._steps = {step.place: step for step in self.plan}
        self._place = 0
        self._read: dict[str, Span] = {}
        """Where the events that were read are, by learner."""
        self._medians: dict[PlannedStep, float] = {}
        self._done: dict[str, tuple[int, int]] = {}
        """The number of steps that each learner has done, and the number of their events when it was counted."""
        self._resumed = 0.0
        self._paused = False
        self._looked: float | None = None

    def refresh(self, status: ClassStatus) -> bool:
        """Read the new events; True if they changed a step."""
        touched = self._follow()
        if not self._medians:
            self._medians = medians(self.ways, self.plan)
        elif touched:
            self._medians |= medians(self.ways, touched)
        now = self._clock()
        leapt = self._looked is not None and not 0 <= now - self._looked <= LONGEST_GAP
        if leapt or (self._paused and not status.pause.on):
            self._resumed = now
        self._looked, self._paused = now, status.pause.on
        moment = Moment(
            now=now,
            resumed=self._resumed,
            paused=status.pause.on,
            steps=self._steps,
            medians=self._medians,
        )
        people = {person.name: person for person in status.people}
        known = (*people, *(name for name in self.ways if name not in people))
        seats = [self._seat(name, people.get(name), status, moment) for name in known]
        self.seats = tuple(sorted(seats, key=lambda seat: (seat.need.order, seat.name)))
        return bool(touched)

    def _follow(self) -> list[PlannedStep]:
        """Read the new events; returns the steps whose figures they may have changed."""
        touched: set[Place] = set()
        while found := self._store.after(self._place, _PAGE):
            for place, event in found:
                self._place = place
                way = self.ways.setdefault(event.learner, Way(event.learner))
                # Leaving a step may complete it.
                touched |= {way.here or _NOWHERE, (event.workshop, event.lab, event.step)}
                if isinstance(event.happening, LabReset):
                    touched |= {step.place for step in self.plan}
                way.take(event)
                first = self._read.get(event.learner, Span(place)).first
                self._read[event.learner] = Span(first, place)
        return [self._steps[place] for place in touched if place in self._steps]

    def drop_forgotten(self) -> None:
        """Start over if events that were read are gone: a learner had them deleted, or the file was replaced."""
        stored = self._store.learners()
        gone = [
            name
            for name, read in self._read.items()
            if (now := stored.get(name, Span())).first != read.first or now.last < read.last
        ]
        # A store that cannot be read now proves nothing.
        if gone and not self._store.trouble:
            self._place = 0
            for found in (self.ways, self._read, self._medians, self._done):
                found.clear()

    def _seat(self, name: str, person: Person | None, status: ClassStatus, moment: Moment) -> Seat:
        way = self.ways.get(name) or Way(name)
        step = None if way.here is None else self._steps.get(way.here)
        person = person or Person(name, connected=False, door=way.door)
        wanted = need(
            way,
            moment,
            connected=person.connected,
            trouble=person.trouble,
            done=self.has_finished(way, status.pace.labs),
        )
        return Seat(name, person, way, step, seconds_here(way, moment), wanted, self._steps_done(way))

    def _steps_done(self, way: Way) -> int:
        events, done = self._done.get(way.learner, (-1, 0))
        if events != way.events:
            done = sum(step.done(way.steps.get(step.place)) for step in self.plan)
            self._done[way.learner] = way.events, done
        return done

    def has_finished(self, way: Way, labs: int | None) -> bool:
        """True if a learner has finished the first `labs` labs, or all of them for None."""
        open_labs = self.workshop.labs[:labs]
        return bool(open_labs) and all((self.workshop.id, lab.id) in way.finished for lab in open_labs)

    def seat(self, name: str) -> Seat | None:
        """The seat of a learner, by name."""
        return next((seat for seat in self.seats if seat.name == name), None)

    def at(self, step: PlannedStep) -> tuple[str, ...]:
        """The learners who are at a step now."""
        return tuple(seat.name for seat in self.seats if seat.step == step)

    @property
    def places(self) -> Mapping[Place, int]:
        """The number of learners at each step now."""
        return Counter(seat.step.place for seat in self.seats if seat.step is not None)

    @property
    def middle(self) -> PlannedStep | None:
        """The class's place: the step that half of it has reached."""
        order = {step: number for number, step in enumerate(self.plan)}
        at = sorted(order[seat.step] for seat in self.seats if seat.step is not None)
        return self.plan[at[len(at) // 2]] if at else None

    @property
    def needing(self) -> int:
        """The number of learners who need help."""
        return sum(seat.need.kind <= NeedKind.IDLE for seat in self.seats)

    def report(self) -> ClassReport:
        """The figures of the class so far."""
        return report(self.ways, self.plan)
