"""Reports of the shards of a verification, put together again."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed, Skipped
from runner.errors import UsageError
from runner.lab.model.span import Span
from runner.verify.result import CheckResult, LabResult, Proof, WorkshopResult

_REMEDY = "name every shard's report once, as `workshop verify --shard K/N --json FILE` wrote it"


def merged(reports: Mapping[str, str]) -> tuple[WorkshopResult, ...]:
    """The results in `reports`, by name: texts that `as_data` made, of every shard of one verification.

    Raises:
        UsageError: one is no such report, or the shards do not make a whole.
    """
    read = {name: _read(name, text) for name, text in reports.items()}
    _check_whole({name: report.get("shard", "1/1") for name, report in read.items()})
    together: dict[tuple[str, str], list[LabResult]] = {}
    tracks: dict[tuple[str, str], dict[str, str]] = {}
    for name, report in read.items():
        try:
            for workshop in report["workshops"]:
                key = workshop.get("engine", ""), workshop["id"]
                together.setdefault(key, []).extend(_lab(lab) for lab in workshop["labs"])
                named = {lab["id"]: lab["track"] for lab in workshop["labs"] if "track" in lab}
                tracks.setdefault(key, {}).update(named)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"{name}: not a report of `workshop verify`", remedy=_REMEDY) from error
    return tuple(
        WorkshopResult(identity, tuple(labs), engine, tracks[engine, identity])
        for (engine, identity), labs in together.items()
    )


def _read(name: str, text: str) -> dict[str, Any]:
    try:
        report = json.loads(text)
    except ValueError as error:
        raise UsageError(f"{name}: not JSON ({error})", remedy=_REMEDY) from error
    if not isinstance(report, dict) or "workshops" not in report:
        raise UsageError(f"{name}: not a report of `workshop verify`", remedy=_REMEDY)
    return report


def _check_whole(shards: Mapping[str, str]) -> None:
    sizes = {shard.partition("/")[2] for shard in shards.values()}
    if len(sizes) > 1:
        told = ", ".join(f"{name} is {shard}" for name, shard in shards.items())
        raise UsageError(f"the reports are of different verifications: {told}", remedy=_REMEDY)
    size = next(iter(sizes), "")
    number = int(size) if size.isdecimal() else 0
    found = Counter(shards.values())
    missing = [shard for shard in (f"{k}/{number}" for k in range(1, number + 1)) if shard not in found]
    twice = [shard for shard, times in found.items() if times > 1]
    if missing or twice or not number:
        wrong = [f"{' and '.join(missing)} missing"] if missing else []
        wrong += [f"{' and '.join(twice)} given twice"] if twice else []
        raise UsageError(f"the shards make no whole: {', '.join(wrong) or 'none is named'}", remedy=_REMEDY)


def _lab(lab: dict[str, Any]) -> LabResult:
    return LabResult(
        lab["id"],
        tuple(_check(check) for check in lab["checks"]),
        tuple(_outcome(problem) for problem in lab["problems"]),
        float(lab["seconds"]),
    )


def _check(check: dict[str, Any]) -> CheckResult:
    details = check["details"]
    proofs = {
        Proof(proof): _outcome(details.get(proof, {"outcome": outcome}))
        for proof, outcome in check["proofs"].items()
    }
    return CheckResult(check["id"], proofs, float(check["seconds"]))


def _outcome(data: dict[str, Any]) -> Outcome:
    match data["outcome"]:
        case "passed":
            return Passed(data.get("observed", ""))
        case "skipped":
            return Skipped(data.get("reason", ""))
        case "failed":
            return Failed(data["expected"], data["actual"], _span(data["at"]), data["transcript"])
        case "error":
            return Errored(data["reason"], _span(data["at"]))
        case "broken":
            return Broken(data["reason"], _span(data["at"]))
    raise ValueError(data["outcome"])


def _span(text: str) -> Span:
    path, _, line = text.rpartition(":")
    return Span(Path(path), int(line), int(line))
