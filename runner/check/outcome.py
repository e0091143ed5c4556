"""The five outcomes of a command or a check."""

from dataclasses import dataclass, field

from runner.check.observation import Observation
from runner.lab.model.span import Span


@dataclass(frozen=True, slots=True)
class Passed:
    """The expectation was met; `observed` describes the observation, in a line."""

    observed: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """The observation differs from the expectation; `transcript` is the output, the first differing line marked if
    lines were compared.

    `observed` is a probe's observation, None if there was none. `untried` is true if the subject of the check has not
    been done or created yet.
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
        """The whole observation, in words."""
        return self.actual if self.observed is None else str(self.observed)


@dataclass(frozen=True, slots=True)
class Errored:
    """The engine or the runner failed; the learner's work is unknown."""

    reason: str
    at: Span


@dataclass(frozen=True, slots=True)
class Broken:
    """The learner's environment no longer works; a reset repairs it."""

    reason: str
    at: Span


@dataclass(frozen=True, slots=True)
class Skipped:
    """Not checked, with the reason."""

    reason: str


Outcome = Passed | Failed | Errored | Broken | Skipped
