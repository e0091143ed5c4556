"""Findings of an examination, one for each thing examined."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The weight of a finding: a warning restricts something, a missing thing keeps labs from running."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one thing that was examined.

    `remedy` describes a fix. `programs` need installing, from `packages` if this machine has apt; `commands` are
    argument lists for root to run.
    """

    name: str
    level: Level
    detail: str
    remedy: str = ""
    programs: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Fixes:
    """The fixes for findings that need no decision by the user; all of them need root."""

    programs: tuple[str, ...] = ()
    commands: tuple[tuple[str, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.programs or self.commands)

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> "Fixes":
        """All of the findings' fixes, each once."""
        found = tuple(findings)
        return cls(
            tuple(dict.fromkeys(name for finding in found for name in finding.programs)),
            tuple(dict.fromkeys(command for finding in found for command in finding.commands)),
        )
