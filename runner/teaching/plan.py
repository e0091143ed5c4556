"""The plan of a class: its steps in order, with their titles and checks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from runner.lab.model.workshop import Lab, Workshop
from runner.teaching.way import Place, StepWay, Way

_UNKNOWN_SECONDS = 180.0
"""The expected seconds of a step of which nothing is known."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step; `seconds` is its expected duration, `lab_number` counts from 1."""

    place: Place
    title: str
    lab_title: str
    lab_number: int
    number: int
    checks: frozenset[str]
    seconds: float
    hints: int = 0
    known: bool = True
    """True if the workshop itself is available, and not just the record."""

    @property
    def label(self) -> str:
        """The lab's number and the step's, as 2.3."""
        return f"{self.lab_number}.{self.number}"

    def done(self, step: StepWay | None) -> bool:
        """True if a learner has done it: every check has passed, or, without checks, they have gone on."""
        if step is None:
            return False
        if self.checks:
            return self.checks <= step.passed
        return step.left


def plan(workshops: Sequence[Workshop], ways: Iterable[Way]) -> tuple[PlannedStep, ...]:
    """The steps of the workshops that were worked on, and any others in the record; all steps if nothing was."""
    met = [place for way in ways for place in way.steps]
    worked_on = {workshop for workshop, _, _ in met}
    planned = [
        step
        for workshop in workshops
        if workshop.id in worked_on or not met
        for number, lab in enumerate(workshop.labs, 1)
        for step in lab_plan(workshop, lab, number)
    ]
    known = {step.place for step in planned}
    return (*planned, *_unplanned(place for place in dict.fromkeys(met) if place not in known))


def lab_plan(workshop: Workshop, lab: Lab, number: int) -> list[PlannedStep]:
    """The steps of a lab; `number` is its place in the workshop, from 1."""
    return [
        PlannedStep(
            place=(workshop.id, lab.id, step.id),
            title=step.title,
            lab_title=lab.title,
            lab_number=number,
            number=place,
            checks=frozenset(check.id for check in step.checks),
            seconds=lab.minutes * 60 / len(lab.steps) if lab.minutes else _UNKNOWN_SECONDS,
            hints=len(step.hints),
        )
        for place, step in enumerate(lab.steps, 1)
    ]


def _unplanned(places: Iterable[Place]) -> list[PlannedStep]:
    labs: dict[tuple[str, str], int] = {}
    steps: dict[tuple[str, str], int] = {}
    found = []
    for workshop, lab, step in places:
        key = (workshop, lab)
        number = labs.setdefault(key, sum(other[0] == workshop for other in labs) + 1)
        steps[key] = steps.get(key, 0) + 1
        found.append(
            PlannedStep(
                place=(workshop, lab, step),
                title=step,
                lab_title=lab,
                lab_number=number,
                number=steps[key],
                checks=frozenset(),
                seconds=_UNKNOWN_SECONDS,
                known=False,
            )
        )
    return found
