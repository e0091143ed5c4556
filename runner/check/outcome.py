"""What came of a command or a check: one of five types."""

from dataclasses import dataclass, field

from runner.check.observation import Observation
from runner.lab.model.span import Span


@dataclass(frozen=True, slots=True)
class Passed:
    """What was expected was seen; `observed` says what, in a line."""

    observed: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Something else was seen; `transcript` is the output, the first differing line marked if lines were compared.

    `observed` is what a probe saw; None where there was nothing to see. `untried` says that what is looked at has not
    been done or made yet.
    """

    expected: str
    actual: str
    at: Span
    transcript: str = ""
    hint: str = ""
    observed: Observation | None = field(default=None, repr=False, compare=False)
    untried: bool = False

    @property
    def seen(self) -> str:
        """All that was seen, in words."""
        return self.actual if self.observed is None else str(self.observed)


@dataclass(frozen=True, slots=True)
class Errored:
    """The engine or the runner broke; nothing is known of the learner's work."""

    reason: str
    at: Span


@dataclass(frozen=True, slots=True)
class Broken:
    """The learner's environment cannot answer any more; a reset repairs it."""

    reason: str
    at: Span


@dataclass(frozen=True, slots=True)
class Skipped:
    """Not looked at, and why."""

    reason: str


Outcome = Passed | Failed | Errored | Broken | Skipped
