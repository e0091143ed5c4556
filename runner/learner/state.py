"""Where a learner stands: a fold over the events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from runner.learner.events import Event, Kind

LONGEST_PAUSE = 300.0
"""Seconds without an event that still count as time spent on the lab."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _nothing() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StepState:
    """A step since it was begun or last reset: passed checks, revealed hints, and each quiz's last answer."""

    passed: frozenset[str] = frozenset()
    hints: int = 0
    solved: bool = False
    skipped: bool = False
    answers: Mapping[str, int] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class LabState:
    """A lab since it was begun or last reset; `step` is the current one.

    `hints` counts every hint ever revealed, also those of steps that were reset later. `seconds` were spent on it.
    """

    step: str = ""
    steps: Mapping[str, StepState] = field(default_factory=_nothing)
    hints: int = 0
    seconds: float = 0.0
    finished: bool = False
    last: float | None = None
    """When the last event was, while the lab is on the screen."""
    notes: str = ""
    """What the learner has written down; a reset leaves it."""

    def of(self, step: str) -> StepState:
        """What is known of a step; nothing of one that was never entered."""
        return self.steps.get(step, StepState())

    @property
    def passed(self) -> frozenset[str]:
        """The checks that have passed, of all steps."""
        return frozenset[str]().union(*(state.passed for state in self.steps.values()))


@dataclass(frozen=True, slots=True)
class Progress:
    """A learner's labs by the ids of workshop and lab; `current` is the one they were in last."""

    labs: Mapping[tuple[str, str], LabState] = field(default_factory=_nothing)
    current: tuple[str, str] | None = None

    def lab(self, workshop: str, lab: str) -> LabState:
        """Where the learner stands in a lab; at its beginning if they have never opened it."""
        return self.labs.get((workshop, lab), LabState())


def fold(events: Iterable[Event], start: Progress | None = None) -> Progress:
    """Where `events` lead from `start`; defined for any events in any order."""
    progress = start or Progress()
    for event in events:
        progress = apply(progress, event)
    return progress


def apply(progress: Progress, event: Event) -> Progress:
    """One event on; an event of unknown kind only counts as a sign of life."""
    key = (event.workshop, event.lab)
    lab = _timed(progress.lab(*key), event)
    change = _CHANGES.get(event.kind)
    if change is not None:
        lab = change(lab, event)
    opened = event.kind in {Kind.OPENED, Kind.ENTERED}
    return Progress(_with(progress.labs, key, lab), key if opened else progress.current)


def _timed(lab: LabState, event: Event) -> LabState:
    """Count the time since the last event, unless the lab was off the screen or the learner away."""
    if event.kind == Kind.OPENED:
        return replace(lab, last=event.time)
    if lab.last is None:
        return lab
    pause = event.time - lab.last
    spent = pause if 0 <= pause <= LONGEST_PAUSE else 0.0
    last = None if event.kind == Kind.CLOSED else event.time
    return replace(lab, seconds=lab.seconds + spent, last=last)


def _entered(lab: LabState, event: Event) -> LabState:
    return replace(lab, step=event.step, steps=_with(lab.steps, event.step, lab.of(event.step)))


def _passed(lab: LabState, event: Event) -> LabState:
    check = event.data.get("check")
    if not isinstance(check, str):
        return lab
    return _step(lab, event, lambda step: replace(step, passed=step.passed | {check}))


def _hint(lab: LabState, event: Event) -> LabState:
    lab = replace(lab, hints=lab.hints + 1)
    return _step(lab, event, lambda step: replace(step, hints=step.hints + 1))


def _answered(lab: LabState, event: Event) -> LabState:
    quiz, option = event.data.get("quiz"), event.data.get("option")
    if not isinstance(quiz, str) or not isinstance(option, int):
        return lab
    return _step(lab, event, lambda step: replace(step, answers=_with(step.answers, quiz, option)))


def _noted(lab: LabState, event: Event) -> LabState:
    text = event.data.get("text")
    return replace(lab, notes=text) if isinstance(text, str) else lab


def _step(lab: LabState, event: Event, change: Callable[[StepState], StepState]) -> LabState:
    return replace(lab, steps=_with(lab.steps, event.step, change(lab.of(event.step))))


def _with(mapping: Mapping[_Key, _Value], key: _Key, value: _Value) -> Mapping[_Key, _Value]:
    return MappingProxyType({**mapping, key: value})


_CHANGES: Mapping[str, Callable[[LabState, Event], LabState]] = {
    Kind.ENTERED: _entered,
    Kind.PASSED: _passed,
    Kind.HINT: _hint,
    Kind.SOLVED: lambda lab, event: _step(lab, event, lambda step: replace(step, solved=True)),
    Kind.SKIPPED: lambda lab, event: _step(lab, event, lambda step: replace(step, skipped=True)),
    Kind.ANSWERED: _answered,
    Kind.NOTED: _noted,
    Kind.FINISHED: lambda lab, _event: replace(lab, finished=True),
    Kind.STEP_RESET: lambda lab, event: _step(lab, event, lambda _step: StepState()),
    Kind.LAB_RESET: lambda lab, _event: LabState(last=lab.last, notes=lab.notes),
}
