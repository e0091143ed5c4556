"""Compares a finished command with its transcript in the lesson."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from functools import cache

from runner.check.outcome import Failed, Outcome, Passed
from runner.lab.model.transcript import Command, Line, Match
from runner.language import tr

CONTEXT = 40
"""Printed lines shown on each side of the first difference."""


def compare(command: Command, output: str, status: int) -> Outcome:
    """Compare `output` and `status` with the transcript of `command`."""
    # A form feed or a separator of Unicode's is within a line: the lesson's lines end with newlines alone.
    printed = output.split("\n")
    while printed and not printed[-1].strip():
        printed.pop()
    consumed, missing = _match(command.output, [line.rstrip() for line in printed])
    if missing is None and consumed == len(printed):
        if command.status.accepts(status):
            return Passed(tr("exit status {status}", status=status))
        return Failed(
            expected=tr("exit status {status}", status=command.status),
            actual=tr("exit status {status}", status=status),
            at=command.span,
            transcript=_marked(command.text, printed, None),
        )
    return Failed(
        expected=_described(missing),
        actual=repr(printed[consumed])
        if consumed < len(printed)
        else tr("the end of the output, exit status {status}", status=status),
        at=command.span if missing is None else missing.span,
        transcript=_marked(command.text, printed, consumed),
    )


@dataclass(frozen=True, slots=True)
class _State:
    """An expected line in the automaton: `optional` may be skipped, `loops` may match again."""

    line: Line
    optional: bool
    loops: bool


def _match(expected: Sequence[Line], printed: Sequence[str]) -> tuple[int, Line | None]:
    """Return the number of printed lines that match, and the expected line that stopped the match, if any.

    All alternatives of the quantifiers run in parallel, so the time is proportional to the length of the output.
    """
    states = list(_states(expected))
    end = len(states)
    current = _skipping(states, {0})
    for at, text in enumerate(printed):
        accepting = {number for number in current if number < end and _accepts(states[number].line, text)}
        following = _skipping(
            states, {number if states[number].loops else number + 1 for number in accepting}
        )
        if not following:
            furthest = max(current)
            return at, states[furthest].line if furthest < end else None
        current = following
    if end in current:
        return len(printed), None
    return len(printed), states[max(current)].line


def _states(expected: Sequence[Line]) -> Iterator[_State]:
    for line in expected:
        for _ in range(line.least):
            yield _State(line, optional=False, loops=False)
        if line.most is None:
            yield _State(line, optional=True, loops=True)
        else:
            for _ in range(line.most - line.least):
                yield _State(line, optional=True, loops=False)


def _skipping(states: Sequence[_State], numbers: set[int]) -> set[int]:
    """`numbers`, and the states that can be reached from there through optional states, without a printed line."""
    reached = set(numbers)
    for number in sorted(numbers):
        at = number
        while at < len(states) and states[at].optional:
            at += 1
            reached.add(at)
    return reached


def _accepts(line: Line, printed: str) -> bool:
    if line.match is Match.EQUAL:
        return line.text.rstrip() == printed
    return _pattern(line.text, line.match).fullmatch(printed) is not None


@cache
def _pattern(text: str, match: Match) -> re.Pattern[str]:
    return re.compile(translate(text) if match is Match.GLOB else text)


def _described(line: Line | None) -> str:
    if line is None:
        return tr("the end of the output")
    match line.match:
        case Match.EQUAL:
            return tr("the line {line!r}", line=line.text)
        case Match.GLOB:
            return tr("a line like {line!r}", line=line.text)
        case Match.REGEX:
            return tr("a line that matches {line!r}", line=line.text)


def _marked(text: str, printed: Sequence[str], differs: int | None) -> str:
    """The command and its output, with `>` before the first line that differs."""
    rows = [f"  $ {text}"]
    around = 0 if differs is None else differs
    first, last = max(0, around - CONTEXT), min(len(printed), around + CONTEXT)
    if first:
        rows.append(tr("  … {number} lines …", number=first))
    rows += [f"{'>' if number == differs else ' '} {printed[number]}" for number in range(first, last)]
    if differs == len(printed):
        rows.append(tr("> (no more output)"))
    if last < len(printed):
        rows.append(tr("  … {number} lines …", number=len(printed) - last))
    return "\n".join(rows)
