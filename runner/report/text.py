"""A verification's results as lines of plain text."""

from collections.abc import Iterable, Iterator, Sequence

from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed, Skipped
from runner.errors import harmless
from runner.verify.result import CheckResult, LabResult, OutcomeKind

MARKS = {
    OutcomeKind.PASSED: "ok",
    OutcomeKind.FAILED: "FAILED",
    OutcomeKind.ERROR: "ERROR",
    OutcomeKind.BROKEN: "BROKEN",
    OutcomeKind.SKIPPED: "skipped",
}


def lab_line(result: LabResult, width: int = 0) -> str:
    """One line on one lab, with its id padded to `width` columns, made harmless for a terminal."""
    proved = sum(check.kind is OutcomeKind.PASSED for check in result.checks)
    checks = f"{proved} of {len(result.checks)} checks proven"
    return f"{MARKS[result.kind]:<7} {harmless(result.id):<{width}}  {checks:<24} {result.seconds:5.1f} s"


def lab_details(result: LabResult) -> Iterator[str]:
    """Everything in `result` that did not pass, with its place and the expectation, for a terminal."""
    found = [line for problem in result.problems for line in outcome_lines(problem)]
    for check in result.checks:
        if check.kind not in {OutcomeKind.PASSED, OutcomeKind.SKIPPED}:
            found += check_lines(check)
    # Output of programs, and texts of another machine's report, must not act on the terminal.
    yield from (harmless(line.expandtabs()) for line in found)


def summary(results: Sequence[LabResult], seconds: float) -> str:
    """The last line: the number of labs by outcome."""
    counted = [(kind, sum(result.kind is kind for result in results)) for kind in OutcomeKind]
    parts = [f"{number} {kind}" for kind, number in counted if number]
    noun = "lab" if len(results) == 1 else "labs"
    return f"{len(results)} {noun}: {', '.join(parts) or 'nothing to verify'} in {seconds:.1f} s"


def check_lines(check: CheckResult) -> Iterator[str]:
    """Each proof of `check` that did not succeed."""
    for proof, outcome in check.proofs.items():
        if not isinstance(outcome, Passed | Skipped):
            yield from outcome_lines(outcome, f"{check.id}, {proof}")


def outcome_lines(outcome: Outcome, what: str = "") -> Iterator[str]:
    """The place, the expectation and the observation; `what` is the outcome's title."""
    match outcome:
        case Failed():
            yield f"  {outcome.at}: {what or 'transcript'}"
            yield from _labelled("expected", outcome.expected)
            yield from _labelled("actual", outcome.actual)
            yield from (f"      {line}" for line in outcome.transcript.splitlines())
            if outcome.hint:
                yield from _labelled("hint", outcome.hint)
        case Errored(reason, at) | Broken(reason, at):
            yield f"  {at}: {what or type(outcome).__name__.lower()}"
            yield from _labelled("reason", reason)
        case Skipped(reason):
            yield f"  skipped: {reason}"
        case Passed():
            pass


def _labelled(label: str, text: str) -> Iterable[str]:
    first, *rest = text.splitlines() or [""]
    return [f"    {label:<9} {first}", *(f"    {'':<9} {line}" for line in rest)]
