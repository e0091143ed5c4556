"""One lab's part of the journal."""

import time
from collections.abc import Mapping
from dataclasses import replace

from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed, Skipped
from runner.lab.model.check import Check, Expectation
from runner.lab.model.workshop import Lab, Step, Workshop
from runner.learner.progress.journal import Journal
from runner.learner.progress.standing import WorkshopStanding
from runner.learner.progress.state import LabState, StepState
from runner.record.event import (
    CheckPassed,
    CheckTried,
    EngineBack,
    EngineTrouble,
    Event,
    Happening,
    LabReset,
    NotesKept,
    StepReset,
    Trial,
    shortened,
)
from runner.record.time_spent import time_spent


class LabRecord:
    """One lab's part of a learner's journal."""

    def __init__(self, journal: Journal, workshop: Workshop, lab: Lab) -> None:
        self._journal = journal
        self.workshop = workshop
        self.lab = lab
        self._tried: dict[tuple[str, str], CheckTried] = {}
        """The last tries that did not pass, by step and check, since that step was begun or last reset."""
        self._failures: dict[tuple[str, str], Failed] = {}
        """The last failures since the lab is open, by step and check, with more than is recorded."""
        self._in_trouble = False

    @property
    def state(self) -> LabState:
        """The learner's state in the lab."""
        return self._journal.lab(self.workshop.id, self.lab.id)

    @property
    def trouble(self) -> str:
        """The reason why progress is not on disk now; "" if it is."""
        return self._journal.trouble

    @property
    def step(self) -> Step:
        """The step to resume at."""
        current = self.state.step
        return next((step for step in self.lab.steps if step.id == current), self.lab.steps[0])

    @property
    def complete(self) -> bool:
        """True if every check of the lab has passed."""
        return {check.id for check in self.lab.checks} <= self.state.passed

    @property
    def solutions_known(self) -> frozenset[str]:
        """The steps whose solution the learner has found or seen."""
        return frozenset(step.id for step in self.lab.steps if self._knows(step))

    @property
    def seconds(self) -> float:
        """The seconds spent so far."""
        state = self.state
        return state.seconds + (0.0 if state.last is None else time_spent(state.last, time.time()))

    @property
    def standing(self) -> WorkshopStanding:
        """The learner's standing in the whole workshop."""
        return WorkshopStanding.of(self.workshop, self._journal.progress)

    def keep_notes(self, text: str) -> None:
        """Replace the learner's notes on the lab."""
        self.note(NotesKept(text))

    def done(self, step: Step) -> bool:
        """True if the step has checks, and every one of them has passed since the step was begun."""
        return bool(step.checks) and self._passed(step)

    def of(self, step: Step) -> StepState:
        """The learner's state in a step."""
        return self.state.of(step.id)

    def failures(self, step: Step) -> Mapping[str, Failed]:
        """The last failures of a step's checks that have not passed since, by the checks' ids."""
        failures = {}
        for check in step.checks:
            if (seen := self.of(step).failed.get(check.id)) is not None:
                known = self._failures.get((step.id, check.id))
                if known is None or shortened(known.seen) != seen:
                    known = _remembered(check, seen)
                failures[check.id] = known
        return failures

    def entered(self, step: Step) -> bool:
        """True if the learner has been in a step since the lab was begun."""
        return step.id in self.state.steps

    def events(self) -> tuple[Event, ...]:
        """All recorded events of the learner."""
        return self._journal.events()

    def note(self, happening: Happening, step: str = "") -> None:
        """Record a happening."""
        self._journal.record(happening, self.workshop.id, self.lab.id, step)
        if isinstance(happening, StepReset | LabReset):
            self._forget_tries(step)

    def _forget_tries(self, step: str) -> None:
        """Forget the tries of a step, or of all if `step` is "": what fails as before is news after a reset."""
        self._tried = {key: tried for key, tried in self._tried.items() if step and key[0] != step}

    def judged(self, step: str, check: str, outcome: Outcome, *, asked: bool) -> None:
        """Record a check's outcome; for a check that ran by itself, only once while it stays the same."""
        if isinstance(outcome, Passed):
            self._tried.pop((step, check), None)
            self.note(CheckPassed(check), step)
            return
        if isinstance(outcome, Failed):
            self._failures[step, check] = outcome
        trial, observed = _trial(outcome)
        tried = CheckTried(check, trial, shortened(observed), asked)
        if asked or self._tried.get((step, check)) != tried:
            self.note(tried, step)
        self._tried[step, check] = replace(tried, asked=False)

    def engine_trouble(self, step: str, reason: str, *, lost: bool) -> None:
        """Record that the engine failed, or is lost."""
        self._in_trouble = True
        self.note(EngineTrouble(shortened(reason), lost), step)

    def engine_back(self, step: str) -> None:
        """Record that an engine is available, after a failure."""
        if self._in_trouble:
            self._in_trouble = False
            self.note(EngineBack(), step)

    def _knows(self, step: Step) -> bool:
        state = self.of(step)
        return state.solved or state.skipped or self._passed(step)

    def _passed(self, step: Step) -> bool:
        return {check.id for check in step.checks} <= self.of(step).passed and self.entered(step)


def _remembered(check: Check, seen: str) -> Failed:
    """A failure of which only what was seen is known."""
    # Other hints look at more of the observation than is recorded.
    always = next((hint.say for hint in check.hints if hint.when == Expectation()), "")
    return Failed("", seen, check.span, hint=always)


def _trial(outcome: Failed | Errored | Broken | Skipped) -> tuple[Trial, str]:
    match outcome:
        case Failed(actual=reason, untried=True):
            # Asking before any action is not a failed try.
            return Trial.SKIPPED, reason
        case Failed() as failed:
            return Trial.FAILED, failed.seen
        case Errored(reason=reason):
            return Trial.ERROR, reason
        case Broken(reason=reason):
            return Trial.BROKEN, reason
        case Skipped(reason):
            return Trial.SKIPPED, reason
