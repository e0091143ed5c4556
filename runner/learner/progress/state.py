"""A learner's state: a fold over the events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, TypeVar

from runner.record.event import (
    CheckPassed,
    CheckTried,
    Event,
    HintShown,
    LabBegun,
    LabClosed,
    LabFinished,
    LabOpened,
    LabReset,
    NotesKept,
    QuizAnswered,
    StepEntered,
    StepReset,
    StepSkipped,
    StepSolved,
    Trial,
)
from runner.record.time_spent import time_spent

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _nothing() -> Mapping[Any, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StepState:
    """A step since it was begun or last reset: passed checks, revealed hints, and each quiz's last answer.

    `failed` has what was seen at the last failure of each check that has not passed since.
    """

    passed: frozenset[str] = frozenset()
    failed: Mapping[str, str] = field(default_factory=_nothing)
    hints: int = 0
    solved: bool = False
    skipped: bool = False
    answers: Mapping[str, int] = field(default_factory=_nothing)


@dataclass(frozen=True, slots=True)
class LabState:
    """A lab since it was begun or last reset; `step` is the current one.

    `hints` counts every hint ever revealed, including those of steps that were reset later. `seconds` is the time
    spent.
    """

    step: str = ""
    steps: Mapping[str, StepState] = field(default_factory=_nothing)
    hints: int = 0
    seconds: float = 0.0
    finished: bool = False
    begun: bool = False
    """True if the learner has acted in it, besides looking at its first step."""
    last: float | None = None
    """The time of the last event, while the lab is on the screen."""
    notes: str = ""
    """The learner's notes; a reset keeps them."""

    def of(self, step: str) -> StepState:
        """The state of a step; an empty one if it was never entered."""
        return self.steps.get(step, StepState())

    @property
    def passed(self) -> frozenset[str]:
        """The checks that have passed, over all steps."""
        return frozenset[str]().union(*(state.passed for state in self.steps.values()))


@dataclass(frozen=True, slots=True)
class Progress:
    """A learner's labs by the ids of workshop and lab; `current` is the one they were in last."""

    labs: Mapping[tuple[str, str], LabState] = field(default_factory=_nothing)
    current: tuple[str, str] | None = None

    def lab(self, workshop: str, lab: str) -> LabState:
        """The learner's state in a lab; the initial one if they have never opened it."""
        return self.labs.get((workshop, lab), LabState())


def fold(events: Iterable[Event], start: Progress | None = None) -> Progress:
    """The progress after `events`, from `start`; defined for any events in any order."""
    progress = start or Progress()
    for event in events:
        progress = apply(progress, event)
    return progress


def apply(progress: Progress, event: Event) -> Progress:
    """The progress after one more event: one that changes nothing is a sign of life, one outside labs is ignored."""
    if not event.lab:
        return progress
    key = (event.workshop, event.lab)
    lab = _changed(_timed(progress.lab(*key), event), event)
    opened = isinstance(event.happening, LabOpened | StepEntered)
    return Progress(_with(progress.labs, key, lab), key if opened else progress.current)


def _timed(lab: LabState, event: Event) -> LabState:
    """Count the time since the last event, unless the lab was off the screen or the learner away."""
    if isinstance(event.happening, LabOpened):
        return replace(lab, last=event.time)
    if lab.last is None:
        return lab
    last = None if isinstance(event.happening, LabClosed) else event.time
    return replace(lab, seconds=lab.seconds + time_spent(lab.last, event.time), last=last)


def _changed(lab: LabState, event: Event) -> LabState:
    """Apply the event's effect on the lab as a whole; the rest applies to its step."""
    match event.happening:
        case StepEntered():
            begun = lab.begun or lab.step not in {"", event.step}
            steps = _with(lab.steps, event.step, lab.of(event.step))
            return replace(lab, step=event.step, steps=steps, begun=begun)
        case LabBegun():
            return replace(lab, begun=True)
        case LabFinished():
            return replace(lab, finished=True, begun=True)
        case LabReset():
            return LabState(last=lab.last, notes=lab.notes)
        case NotesKept(text):
            return replace(lab, notes=text)
        case CheckTried() if event.step not in lab.steps:
            return lab
    step = _step_changed(lab.of(event.step), event)
    if step is None:
        return lab
    hints = lab.hints + isinstance(event.happening, HintShown)
    # A check may pass or fail on arrival, without any action.
    begun = lab.begun or not isinstance(event.happening, CheckPassed | CheckTried | StepReset)
    return replace(lab, hints=hints, begun=begun, steps=_with(lab.steps, event.step, step))


def _step_changed(step: StepState, event: Event) -> StepState | None:
    match event.happening:
        case CheckPassed(check):
            failed = {other: seen for other, seen in step.failed.items() if other != check}
            return replace(step, passed=step.passed | {check}, failed=MappingProxyType(failed))
        case CheckTried(check, Trial.FAILED, seen):
            return replace(step, passed=step.passed - {check}, failed=_with(step.failed, check, seen))
        case HintShown():
            return replace(step, hints=step.hints + 1)
        case StepSolved():
            return replace(step, solved=True)
        case StepSkipped():
            return replace(step, skipped=True)
        case QuizAnswered(quiz, option):
            return replace(step, answers=_with(step.answers, quiz, option))
        case StepReset():
            return StepState()
    return None


def _with(mapping: Mapping[_Key, _Value], key: _Key, value: _Value) -> Mapping[_Key, _Value]:
    return MappingProxyType({**mapping, key: value})
