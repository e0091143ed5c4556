"""The difference between a learner's file and the lesson's."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum, auto
from itertools import groupby

from runner.language import tr

LONGEST = 2000
"""The largest number of lines compared; comparing more takes longer than a reader waits for a lesson."""
_MOST_PAIRS = 40_000
"""The largest number of pairs of equal lines that are all compared.

A line that each text has n times makes n² pairs, and all pairs are gone through again for each block of equal lines.
"""
_LEAVES_OUT_FROM = 200
"""The number of lines of the second text from which on `SequenceMatcher` can leave out those that come often."""
_AROUND = 3
_ENDS = 8


class Change(Enum):
    """A line's difference from the lesson."""

    SAME = auto()
    ADDED = auto()
    REMOVED = auto()
    LEFT_OUT = auto()
    """A placeholder for lines that are not shown."""


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line to be shown."""

    change: Change
    text: str


def difference(lesson: str, now: str) -> list[DiffLine] | None:
    """The current file with the lesson's missing lines; unchanged lines far from a difference are left out.

    None if they take too long to compare: they are too large, or have too many equal lines.
    """
    before, after = lesson.splitlines(), now.splitlines()
    if max(len(before), len(after)) > LONGEST:
        return None
    often = _pairs(before, after) > _MOST_PAIRS
    if often and len(after) < _LEAVES_OUT_FROM:
        return None
    lines: list[DiffLine] = []
    blocks = SequenceMatcher(None, before, after, autojunk=often).get_opcodes()
    for number, (kind, first, last, new_first, new_last) in enumerate(blocks):
        if kind == "equal":
            lines += _shortened(before[first:last], at_begin=number == 0, at_end=number == len(blocks) - 1)
            continue
        lines += (DiffLine(Change.REMOVED, text) for text in before[first:last])
        lines += (DiffLine(Change.ADDED, text) for text in after[new_first:new_last])
    return lines


def _pairs(before: Sequence[str], after: Sequence[str]) -> int:
    """The number of pairs of equal lines, one from each text."""
    first, second = Counter(before), Counter(after)
    return sum(number * second[line] for line, number in first.items())


def _shortened(same: list[str], *, at_begin: bool, at_end: bool) -> list[DiffLine]:
    before, after = (0 if at_begin else _AROUND), (0 if at_end else _AROUND)
    left_out = len(same) - before - after
    if (at_begin and at_end) or left_out <= 2 * _AROUND:
        return [DiffLine(Change.SAME, text) for text in same]
    between = DiffLine(Change.LEFT_OUT, tr("{left_out} lines as in the lesson", left_out=left_out))
    ends = (same[:before], same[len(same) - after :])
    shown = [[DiffLine(Change.SAME, text) for text in part] for part in ends]
    return [*shown[0], between, *shown[1]]


def in_short(lines: Iterable[DiffLine]) -> list[DiffLine]:
    """A difference with only the ends of each long run of changed lines, as from a profile that a tool wrote."""
    short: list[DiffLine] = []
    for change, run in groupby(lines, key=lambda line: line.change):
        shown = list(run)
        left_out = len(shown) - 2 * _ENDS
        if change in {Change.ADDED, Change.REMOVED} and left_out > _ENDS:
            between = DiffLine(Change.LEFT_OUT, tr("{left_out} more lines", left_out=left_out))
            shown = [*shown[:_ENDS], between, *shown[-_ENDS:]]
        short += shown
    return short
