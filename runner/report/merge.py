"""Merges the reports of a verification's shards."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed, Skipped
from runner.errors import UsageError, harmless
from runner.json_value import json_value
from runner.lab.model.span import Span
from runner.record.codec import unpacked
from runner.verify.result import CheckResult, LabResult, MutantSeen, Proof, WorkshopResult

_REMEDY = "name every shard's report once, as `workshop verify --shard K/N --json FILE` wrote it"
_MOST_SHARDS = 9999


@dataclass(frozen=True, slots=True)
class _Outcome:
    outcome: str
    observed: str = ""
    reason: str = ""
    expected: str = ""
    actual: str = ""
    transcript: str = ""
    hint: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class _Proofs:
    """The result of each proof, by its name in `Proof`."""

    precheck: str
    solved: str
    control: str
    mutants: str


@dataclass(frozen=True, slots=True)
class _Details:
    """The details of proofs that did not succeed."""

    precheck: _Outcome | None = None
    solved: _Outcome | None = None
    control: _Outcome | None = None
    mutants: _Outcome | None = None


@dataclass(frozen=True, slots=True)
class _Mutant:
    mutant: str
    saw: str


@dataclass(frozen=True, slots=True)
class _Check:
    id: str
    seconds: float
    proofs: _Proofs
    details: _Details
    mutants: tuple[_Mutant, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lab:
    id: str
    seconds: float
    checks: tuple[_Check, ...]
    problems: tuple[_Outcome, ...]
    track: str = ""
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class _Workshop:
    id: str
    labs: tuple[_Lab, ...]
    engine: str = ""


@dataclass(frozen=True, slots=True)
class _Report:
    workshops: tuple[_Workshop, ...]
    shard: str = "1/1"


def merged(reports: Mapping[str, str]) -> tuple[WorkshopResult, ...]:
    """The results in `reports`, by name: texts that `as_data` made, of every shard of one verification.

    Raises:
        UsageError: one is not such a report, or the shards are incomplete.
    """
    read = {name: _read(name, text) for name, text in reports.items()}
    _check_whole({name: report.shard for name, report in read.items()})
    together: dict[tuple[str, str], list[LabResult]] = {}
    tracks: dict[tuple[str, str], dict[str, str]] = {}
    for name, report in read.items():
        for workshop in report.workshops:
            key = workshop.engine, workshop.id
            try:
                together.setdefault(key, []).extend(_lab(lab) for lab in workshop.labs)
            except ValueError as error:
                raise _no_report(name, error) from error
            tracks.setdefault(key, {}).update({lab.id: lab.track for lab in workshop.labs if lab.track})
    return tuple(
        WorkshopResult(identity, tuple(labs), engine, tracks[engine, identity])
        for (engine, identity), labs in together.items()
    )


def _read(name: str, text: str) -> _Report:
    try:
        found = json_value(text)
    except ValueError as error:
        raise UsageError(f"{name}: not JSON ({error})", remedy=_REMEDY) from error
    try:
        return unpacked(_Report, found)
    except ValueError as error:
        raise _no_report(name, error) from error


def _no_report(name: str, error: Exception) -> UsageError:
    why = harmless(str(error)).replace("_", "")
    return UsageError(f"{name}: not a report of `workshop verify`: {why}", remedy=_REMEDY)


def _check_whole(shards: Mapping[str, str]) -> None:
    sizes = {shard.partition("/")[2] for shard in shards.values()}
    if len(sizes) > 1:
        told = ", ".join(f"{name} is {harmless(shard)}" for name, shard in shards.items())
        raise UsageError(f"the reports are of different verifications: {told}", remedy=_REMEDY)
    size = next(iter(sizes), "")
    number = int(size) if size.isdecimal() and len(size) <= len(str(_MOST_SHARDS)) else 0
    found = Counter(shards.values())
    missing = [shard for shard in (f"{k}/{number}" for k in range(1, number + 1)) if shard not in found]
    twice = [shard for shard, times in found.items() if times > 1]
    if missing or twice or not number:
        wrong = [f"{' and '.join(missing)} missing"] if missing else []
        wrong += [f"{' and '.join(twice)} given twice"] if twice else []
        raise UsageError(
            f"the shards make no whole: {harmless(', '.join(wrong)) or 'none is named'}", remedy=_REMEDY
        )


def _lab(lab: _Lab) -> LabResult:
    return LabResult(
        lab.id,
        tuple(_check(check) for check in lab.checks),
        tuple(_outcome(problem) for problem in lab.problems),
        lab.seconds,
        lab.unreadable,
    )


def _check(check: _Check) -> CheckResult:
    proofs = {
        proof: _outcome(getattr(check.details, proof) or _Outcome(getattr(check.proofs, proof)))
        for proof in Proof
    }
    mutants = tuple(MutantSeen(one.mutant, one.saw) for one in check.mutants)
    return CheckResult(check.id, proofs, check.seconds, mutants)


def _outcome(found: _Outcome) -> Outcome:
    match found.outcome:
        case "passed":
            return Passed(found.observed)
        case "skipped":
            return Skipped(found.reason)
        case "failed":
            return Failed(found.expected, found.actual, _span(found.at), found.transcript, found.hint)
        case "error":
            return Errored(found.reason, _span(found.at))
        case "broken":
            return Broken(found.reason, _span(found.at))
    raise ValueError(f"{found.outcome[:40]!r} is not an outcome")


def _span(text: str) -> Span:
    path, _, line = text.rpartition(":")
    return Span(Path(path), int(line), int(line))
