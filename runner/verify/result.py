"""The results of a headless verification."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed, Skipped
from runner.verify.job import Place, Unreadable

if TYPE_CHECKING:
    from pathlib import Path


class OutcomeKind(StrEnum):
    """An outcome's kind, by the word in reports."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    BROKEN = "broken"
    SKIPPED = "skipped"


_VERDICTS: Mapping[type, OutcomeKind] = {
    Passed: OutcomeKind.PASSED,
    Failed: OutcomeKind.FAILED,
    Errored: OutcomeKind.ERROR,
    Broken: OutcomeKind.BROKEN,
    Skipped: OutcomeKind.SKIPPED,
}
_BY_WEIGHT = (
    OutcomeKind.ERROR,
    OutcomeKind.BROKEN,
    OutcomeKind.FAILED,
    OutcomeKind.SKIPPED,
    OutcomeKind.PASSED,
)


def kind_of(outcome: Outcome) -> OutcomeKind:
    """The kind of `outcome`."""
    return _VERDICTS[type(outcome)]


def worst(kinds: Iterable[OutcomeKind]) -> OutcomeKind:
    """The kind that counts for all: an error before a failure before a pass; passed if there are none."""
    return min(kinds, key=_BY_WEIGHT.index, default=OutcomeKind.PASSED)


class Proof(StrEnum):
    """The kinds of proof for every check."""

    PRECHECK = "precheck"
    SOLVED = "solved"
    CONTROL = "control"
    MUTANTS = "mutants"


@dataclass(frozen=True, slots=True)
class MutantSeen:
    """A mutant for which a check failed, as it must, and the observation that made it fail."""

    mutant: str
    saw: str


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check with the outcome of each proof, and their duration in seconds."""

    id: str
    proofs: Mapping[Proof, Outcome]
    seconds: float
    mutants: tuple[MutantSeen, ...] = ()
    """The mutants tried with success, the check's own first."""

    @property
    def kind(self) -> OutcomeKind:
        """The worst of its proofs; a skipped one counts only if it is the solution's."""
        needed = [
            kind_of(outcome)
            for proof, outcome in self.proofs.items()
            if proof is Proof.SOLVED or not isinstance(outcome, Skipped)
        ]
        return worst(needed)


@dataclass(frozen=True, slots=True)
class LabResult:
    """A lab: its checks, and problems outside them (a transcript that differs, a refused start).

    An `unreadable` one was not played: its file is at fault, and not the engine.
    """

    id: str
    checks: tuple[CheckResult, ...]
    problems: tuple[Outcome, ...]
    seconds: float
    unreadable: bool = False

    @property
    def kind(self) -> OutcomeKind:
        """The worst of its checks and problems."""
        return worst([check.kind for check in self.checks] + [kind_of(problem) for problem in self.problems])


@dataclass(frozen=True, slots=True)
class WorkshopResult:
    """The labs of one workshop, in its order; `engine` is given if labs were played on several.

    `tracks` has the id of each lab's track, if the workshop has tracks.
    """

    id: str
    labs: tuple[LabResult, ...]
    engine: str = ""
    tracks: Mapping[str, str] = field(default_factory=dict)


def by_workshop(
    places: Sequence[Place], results: Sequence[LabResult], engine: str = ""
) -> tuple[WorkshopResult, ...]:
    """`results`, each of the same index in `places`, grouped by workshop; two workshops may have one id."""
    grouped: dict[tuple[str, Path], list[LabResult]] = {}
    tracks: dict[tuple[str, Path], dict[str, str]] = {}
    for place, result in zip(places, results, strict=True):
        if isinstance(place, Unreadable):
            key = place.workshop, place.path.parent
        else:
            workshop, _ = place
            key = workshop.id, workshop.path
            tracks[key] = {lab: track.id for track in workshop.tracks for lab in track.labs}
        grouped.setdefault(key, []).append(result)
    return tuple(
        WorkshopResult(key[0], tuple(labs), engine, tracks.get(key, {})) for key, labs in grouped.items()
    )
