"""Findings of the reader and the linter on a profile that Docker can read."""

from dataclasses import dataclass
from enum import StrEnum

from runner.profile.model import Location


class Severity(StrEnum):
    """The severity of a finding, worst first."""

    ERROR = "error"
    """The container cannot start, or starts without the profile."""
    HIGH = "high"
    """The profile does not deny what its author thinks it denies."""
    MEDIUM = "medium"
    """Behaves unexpectedly on some machine, architecture or version."""
    INFO = "info"
    """Untidy, but without an effect."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the characters `start` to `end` (exclusive) of the profile's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in a profile; `rule` is a stable kebab-case id, `fix` repairs the problem if the repair is certain."""

    rule: str
    severity: Severity
    message: str
    at: Location
    fix: tuple[Edit, ...] = ()

    def __str__(self) -> str:
        return f"{self.message} [{self.rule}]"
