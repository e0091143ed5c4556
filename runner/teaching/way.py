"""A learner's way through workshops: their record, summed up by step."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from runner.record.event import (
    CheckPassed,
    CheckTried,
    EngineBack,
    EngineTrouble,
    Event,
    Gone,
    HelpAsked,
    HelpSettled,
    HintShown,
    Joined,
    LabClosed,
    LabFinished,
    LabOpened,
    LabReset,
    MirrorAgreed,
    QuizAnswered,
    StepEntered,
    StepReset,
    StepSkipped,
    StepSolved,
    Trial,
)
from runner.record.time_spent import time_spent

MOST_STEPS, MOST_CHECKS, MOST_FAILURES = 2000, 200, 200
"""Limits on the entries kept from a record, which may claim anything: no app writes more."""

Place = tuple[str, str, str]
"""The ids of workshop, lab and step."""


@dataclass(slots=True)
class StepWay:
    """A learner's work in a step, over all their visits; a reset keeps its cost."""

    first: float
    """The time when it was first entered."""
    seconds: float = 0.0
    hints: int = 0
    solved: bool = False
    skipped: bool = False
    left: bool = False
    """True if the learner has gone on from it."""
    passed: set[str] = field(default_factory=set)
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    """The number of failures of each check, by observation."""
    last_try: CheckTried | None = None
    """The last failed try, unless its check has passed since."""
    last_try_time: float = 0.0
    answers: dict[str, bool] = field(default_factory=dict)
    wrong_answers: int = 0
    _seen: dict[str, str] = field(default_factory=dict)
    """The observation at the last failure of each check."""

    @property
    def tries(self) -> int:
        """The number of failed tries."""
        return self.failures.total()

    def take(self, event: Event) -> None:
        """Take in one more event of the step."""
        match event.happening:
            case CheckTried(check, Trial.FAILED, observed, asked) as tried:
                # Asking again for a known result is not another try.
                if not asked or self._seen.get(check) != observed:
                    self._failed(check, observed)
                self.passed.discard(check)
                self.last_try, self.last_try_time = tried, event.time
            case CheckPassed(check):
                self._passed(check)
            case HintShown():
                self.hints += 1
            case StepSolved():
                self.solved = True
            case StepSkipped():
                self.skipped = True
            case StepReset():
                self.passed.clear()
                self._seen.clear()
            case QuizAnswered(quiz, _, correct):
                self._answered(quiz, correct=correct)

    def _failed(self, check: str, observed: str) -> None:
        if check in self._seen or len(self._seen) < MOST_CHECKS:
            self._seen[check] = observed
        known = (check, observed) in self.failures or len(self.failures) < MOST_FAILURES
        self.failures[(check, observed) if known else ("…", "")] += 1

    def _passed(self, check: str) -> None:
        if len(self.passed) < MOST_CHECKS:
            self.passed.add(check)
        self._seen.pop(check, None)
        if self.last_try is not None and self.last_try.check == check:
            self.last_try = None

    def _answered(self, quiz: str, *, correct: bool) -> None:
        if len(self.answers) < MOST_CHECKS:
            self.answers[quiz] = correct
        self.wrong_answers += not correct


@dataclass(slots=True)
class Way:
    """One learner's way through workshops, built up event by event."""

    learner: str
    events: int = 0
    """The number of events."""
    steps: dict[Place, StepWay] = field(default_factory=dict)
    here: Place | None = None
    """The current step."""
    here_seconds: float = 0.0
    """Seconds spent in the current step since it was last entered."""
    open: tuple[str, str] | None = None
    """The ids of the workshop and the lab that are on the screen."""
    last: float = 0.0
    """The time of the last event."""
    last_deed: float = 0.0
    """The time of the learner's last action; signs of life do not count."""
    finished: set[tuple[str, str]] = field(default_factory=set)
    help: HelpAsked | None = None
    help_since: float = 0.0
    trouble: EngineTrouble | None = None
    """The engine's last fault, unless an action has worked since."""
    mirror: bool = False
    """True if the instructor may see the learner's terminal."""
    door: str = ""
    gone: str = ""

    def take(self, event: Event) -> None:
        """Take in one more event."""
        self.events += 1
        self._count_time(event)
        self.last = max(self.last, event.time)
        if event.step:
            self._in_step(event)
        else:
            self._in_lab(event)
        self._in_class(event)

    def _in_lab(self, event: Event) -> None:
        match event.happening:
            case LabOpened():
                self.open = event.workshop, event.lab
            case LabClosed():
                # The lab before may be closed after the next one was opened.
                if self.open == (event.workshop, event.lab):
                    self.open = None
            case LabFinished():
                self.finished.add((event.workshop, event.lab))
                self._leave()
            case LabReset():
                self._reset_lab(event)

    def _in_class(self, event: Event) -> None:
        match event.happening:
            case HelpAsked() as asked:
                self.help, self.help_since = asked, event.time
            case HelpSettled():
                self.help = None
            case MirrorAgreed(agreed):
                self.mirror = agreed
            case Joined(door):
                self.door, self.gone = door, ""
            case Gone(reason):
                self.gone = reason or "gone"
            case EngineTrouble() as trouble:
                self.trouble = trouble
            case EngineBack() | LabOpened():
                # An app that opens a lab without an engine reports that at once.
                self.trouble = None

    def _count_time(self, event: Event) -> None:
        step = None if self.here is None else self.steps.get(self.here)
        # A lab opened while another is open: the earlier app was killed, and the learner was away since.
        if self.open and step is not None and not isinstance(event.happening, LabOpened):
            spent = time_spent(self.last, event.time)
            step.seconds += spent
            self.here_seconds += spent

    def _in_step(self, event: Event) -> None:
        place = (event.workshop, event.lab, event.step)
        if place not in self.steps and len(self.steps) >= MOST_STEPS:
            return
        step = self.steps.setdefault(place, StepWay(event.time))
        self.last_deed = max(self.last_deed, event.time)
        match event.happening:
            case StepEntered():
                if place != self.here:
                    self._leave()
                    self.here, self.here_seconds = place, 0.0
            case CheckPassed():
                self.trouble = None
            case StepReset():
                step.left = False
        step.take(event)

    def _leave(self) -> None:
        if self.here is not None and self.here in self.steps:
            self.steps[self.here].left = True

    def _reset_lab(self, event: Event) -> None:
        self.finished.discard((event.workshop, event.lab))
        for (workshop, lab, _), step in self.steps.items():
            if (workshop, lab) == (event.workshop, event.lab):
                step.passed.clear()
                step.left = False


def ways(events: Iterable[Event]) -> dict[str, Way]:
    """Every learner's way, by name, in the order in which they came."""
    found: dict[str, Way] = {}
    for event in events:
        found.setdefault(event.learner, Way(event.learner)).take(event)
    return found
