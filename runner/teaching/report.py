"""The report of a class, or of one learner: figures by step and by learner."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from runner.teaching.plan import PlannedStep
from runner.teaching.way import StepWay, Way

MOST_FAILURES = 20
_LONGEST_OBSERVED = 120


@dataclass(frozen=True, slots=True)
class StepFigures:
    """A step's figures, over everyone who entered it.

    `median_seconds` is that of learners who did it, None for none.
    """

    step: PlannedStep
    entered: int
    done: int
    median_seconds: float | None
    tries: int
    hints: int
    solved: int
    """The number of learners who had it solved for them, or skipped it."""
    wrong_answers: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One learner in one step."""

    step: PlannedStep
    seconds: float
    tries: int
    hints: int
    solved: bool
    skipped: bool
    done: bool
    wrong_answers: int


@dataclass(frozen=True, slots=True)
class LearnerFigures:
    """One learner's figures; `labs` are the titles of the labs that they finished."""

    name: str
    visits: tuple[Visit, ...]
    labs: tuple[str, ...]
    first: float
    last: float

    @property
    def seconds(self) -> float:
        """The time spent."""
        return sum(visit.seconds for visit in self.visits)

    @property
    def done(self) -> int:
        """The number of steps done."""
        return sum(visit.done for visit in self.visits)

    @property
    def tries(self) -> int:
        """The number of failed tries."""
        return sum(visit.tries for visit in self.visits)

    @property
    def hints(self) -> int:
        """The number of hints asked for."""
        return sum(visit.hints for visit in self.visits)

    @property
    def solved(self) -> int:
        """The number of steps solved for them, or skipped."""
        return sum(visit.solved or visit.skipped for visit in self.visits)


@dataclass(frozen=True, slots=True)
class Failure:
    """An observation on a failed check, the number of learners who met it, and how often it occurred."""

    step: PlannedStep
    check: str
    observed: str
    learners: int
    times: int


@dataclass(frozen=True, slots=True)
class ClassReport:
    """All figures of a class; `steps` are those of the plan, in its order."""

    steps: tuple[StepFigures, ...]
    learners: tuple[LearnerFigures, ...]
    failures: tuple[Failure, ...]

    @property
    def entered(self) -> tuple[StepFigures, ...]:
        """The steps that at least one learner has entered."""
        return tuple(figures for figures in self.steps if figures.entered)


def report(ways: Mapping[str, Way], plan: Sequence[PlannedStep]) -> ClassReport:
    """The figures of these learners."""
    return ClassReport(
        steps=tuple(_step(step, ways) for step in plan),
        learners=tuple(_learner(name, way, plan) for name, way in ways.items()),
        failures=tuple(_failures(ways, plan)),
    )


def medians(ways: Mapping[str, Way], plan: Sequence[PlannedStep]) -> dict[PlannedStep, float]:
    """Each step's seconds in this class: the median of those who did it, once three have; before that, the plan's."""
    found = {}
    for step in plan:
        times = _times(step, ways)
        found[step] = median(times) if len(times) >= 3 else step.seconds
    return found


def _times(step: PlannedStep, ways: Mapping[str, Way]) -> list[float]:
    """The seconds of the learners who did it by themselves."""
    visits = (way.steps.get(step.place) for way in ways.values())
    return [
        visit.seconds
        for visit in visits
        if visit is not None and step.done(visit) and not visit.solved and not visit.skipped
    ]


def _step(step: PlannedStep, ways: Mapping[str, Way]) -> StepFigures:
    visits = [visit for way in ways.values() if (visit := way.steps.get(step.place)) is not None]
    times = _times(step, ways)
    return StepFigures(
        step=step,
        entered=len(visits),
        done=sum(step.done(visit) for visit in visits),
        median_seconds=median(times) if times else None,
        tries=sum(visit.tries for visit in visits),
        hints=sum(visit.hints for visit in visits),
        solved=sum(visit.solved or visit.skipped for visit in visits),
        wrong_answers=sum(visit.wrong_answers for visit in visits),
    )


def _learner(name: str, way: Way, plan: Sequence[PlannedStep]) -> LearnerFigures:
    visits = tuple(_visit(step, visit) for step in plan if (visit := way.steps.get(step.place)) is not None)
    labs = dict.fromkeys(step.lab_title for step in plan if step.place[:2] in way.finished)
    first = min((visit.first for visit in way.steps.values()), default=way.last)
    return LearnerFigures(name, visits, tuple(labs), first, way.last)


def _visit(step: PlannedStep, visit: StepWay) -> Visit:
    return Visit(
        step=step,
        seconds=visit.seconds,
        tries=visit.tries,
        hints=visit.hints,
        solved=visit.solved,
        skipped=visit.skipped,
        done=step.done(visit),
        wrong_answers=visit.wrong_answers,
    )


def _failures(ways: Mapping[str, Way], plan: Sequence[PlannedStep]) -> list[Failure]:
    """The failures, sorted by the number of learners, the most first."""
    steps = {step.place: step for step in plan}
    times: Counter[tuple[PlannedStep, str, str]] = Counter()
    who: defaultdict[tuple[PlannedStep, str, str], set[str]] = defaultdict(set)
    for name, way in ways.items():
        for place, visit in way.steps.items():
            if place not in steps:
                continue
            for (check, observed), count in visit.failures.items():
                key = (steps[place], check, _in_short(observed))
                times[key] += count
                who[key].add(name)
    found = [Failure(*key, len(who[key]), count) for key, count in times.items()]
    return sorted(found, key=lambda failure: (-failure.learners, -failure.times))[:MOST_FAILURES]


def _in_short(observed: str) -> str:
    line = " ".join(observed.split())
    return line if len(line) <= _LONGEST_OBSERVED else f"{line[:_LONGEST_OBSERVED]}…"
