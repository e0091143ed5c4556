"""The commands of a console block, and the output expected of each."""

from enum import StrEnum
from typing import NamedTuple

from runner.lab.model.span import Span
from runner.language import tr


class Match(StrEnum):
    """The way to compare an expected line with a printed one.

    A glob is a pattern of `fnmatch`; all three match the whole line.
    """

    EQUAL = "equal"
    GLOB = "glob"
    REGEX = "re"


class Line(NamedTuple):
    """An expected line: `least` to `most` printed lines in a row must match (`most` None: any number)."""

    text: str
    match: Match
    least: int
    most: int | None
    span: Span


class Status(NamedTuple):
    """Accepted exit statuses: one of `values` or, with `negated`, any other."""

    values: tuple[int, ...] = (0,)
    negated: bool = False

    def accepts(self, status: int) -> bool:
        """True if a command that exits with `status` did as expected."""
        return (status in self.values) is not self.negated

    def __str__(self) -> str:
        listed = tr(" or ").join(map(str, self.values))
        return tr("anything but {observed}", observed=listed) if self.negated else listed


class Command(NamedTuple):
    """A command line as typed (continuation lines joined by newlines) with its expected result."""

    text: str
    output: tuple[Line, ...]
    status: Status
    span: Span
