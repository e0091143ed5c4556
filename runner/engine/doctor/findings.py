"""What an examination finds: one finding for each thing that was looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters: a warning restricts something, a missing thing keeps labs from running."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at.

    `remedy` says what helps. `programs` are to be installed, from `packages` if this machine has apt; `commands` are
    argument lists that root runs.
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
    """What can be done about findings without anybody's decision; all of it needs root."""

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
