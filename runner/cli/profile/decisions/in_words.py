"""Parts of sentences on judged calls, and on the evidence that they were found in."""

from runner.language import counted

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterator

    from runner.profile.evidence import Evidence
    from runner.profile.views.verdicts import Verdict

LOGGED = "The record has the action LOG (code=0x7ffc0000): the kernel executed the call, and logged it"


def evidence_lines(evidence: "Evidence") -> "Iterator[str]":
    """The lines on what to know of the evidence, and on what was not used of it."""
    for note in evidence.notes:
        yield f"note: {note}"
    if evidence.unused_lines:
        yield f"unused: {counted(evidence.unused_lines, 'lines')}, the first: {evidence.unused[0]}"


def line_text(line: int, times: int) -> str:
    """The line of a call in the evidence, the first one if it is there several times."""
    return f"line {line}, {times} times" if times > 1 else f"line {line}"


def open_arguments(verdict: "Verdict") -> str:
    """The arguments that the verdict depends on, and that the evidence does not show."""
    return " and ".join(f"argument {index}" for index in verdict.open_args)


def seen_text(verdict: "Verdict") -> str:
    """The call as the evidence shows it, with its result."""
    seen = verdict.first
    if seen.args is None:
        return seen.name
    result = f" = {seen.result}" if seen.result else ""
    return f"{seen.name}({', '.join(seen.args)}){result}"
