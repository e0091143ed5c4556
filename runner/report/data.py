"""A verification's results as JSON."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed, Skipped
from runner.verify.result import CheckResult, LabResult, OutcomeKind, Proof, WorkshopResult, kind_of


def as_data(workshops: Sequence[WorkshopResult], shard: str = "") -> dict[str, Any]:
    """The object that `workshop verify --json` writes; `counts` are of checks by outcome.

    `shard` is `K/N` if these are only the K-th of N parts. `runner.report.merge` reads what this writes.
    """
    counts = Counter(check.kind for workshop in workshops for lab in workshop.labs for check in lab.checks)
    return {
        **({"shard": shard} if shard else {}),
        "workshops": [
            {
                "id": workshop.id,
                **({"engine": workshop.engine} if workshop.engine else {}),
                "labs": [_lab(lab, workshop.tracks.get(lab.id, "")) for lab in workshop.labs],
            }
            for workshop in workshops
        ],
        "counts": {str(kind): counts[kind] for kind in OutcomeKind},
    }


def _lab(lab: LabResult, track: str) -> dict[str, Any]:
    return {
        "id": lab.id,
        **({"track": track} if track else {}),
        "outcome": str(lab.kind),
        **({"unreadable": True} if lab.unreadable else {}),
        "seconds": round(lab.seconds, 3),
        "checks": [_check(check) for check in lab.checks],
        "problems": [_outcome(problem) for problem in lab.problems],
    }


def _check(check: CheckResult) -> dict[str, Any]:
    return {
        "id": check.id,
        "outcome": str(check.kind),
        "seconds": round(check.seconds, 3),
        "proofs": {str(proof): str(kind_of(check.proofs[proof])) for proof in Proof},
        "details": {
            str(proof): _outcome(outcome)
            for proof, outcome in check.proofs.items()
            if isinstance(outcome, Failed | Errored | Broken)
        },
        "mutants": [{"mutant": one.mutant, "saw": one.saw} for one in check.mutants],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Failed():
            found = {"expected": outcome.expected, "actual": outcome.actual, "transcript": outcome.transcript}
            found |= {"hint": outcome.hint} if outcome.hint else {}
        case Errored(reason) | Broken(reason):
            found = {"reason": reason}
        case Skipped(reason):
            return {"outcome": "skipped", "reason": reason}
        case Passed(observed):
            return {"outcome": "passed", "observed": observed}
    return {"outcome": str(kind_of(outcome)), "at": str(outcome.at), **found}
