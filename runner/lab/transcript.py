"""The commands of a console block and the output each must print."""

import re
from dataclasses import dataclass
from enum import StrEnum

from runner.lab.span import Span


class Match(StrEnum):
    """How an expected line is compared with a printed one."""

    EQUAL = "equal"
    GLOB = "glob"
    REGEX = "re"


@dataclass(frozen=True, slots=True)
class Line:
    """An expected line: `least` to `most` printed lines in a row must match (`most` None: any number)."""

    text: str
    match: Match
    least: int
    most: int | None
    span: Span

    def matches(self, printed: str) -> bool:
        """Whether one printed line, without its line end, is as expected.

        In a glob `*` stands for any text and `?` for one character; brackets are ordinary, since terminals
        print many. A regular expression must match the whole line.
        """
        if self.match is Match.EQUAL:
            return printed == self.text
        pattern = _glob(self.text) if self.match is Match.GLOB else self.text
        return re.fullmatch(pattern, printed) is not None


def _glob(text: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(character) or re.escape(character) for character in text)


@dataclass(frozen=True, slots=True)
class Status:
    """Accepted exit statuses: one of `values`, or with `negated` none of them."""

    values: tuple[int, ...] = (0,)
    negated: bool = False

    def accepts(self, status: int) -> bool:
        return (status in self.values) is not self.negated

    def __str__(self) -> str:
        listed = " or ".join(map(str, self.values))
        return f"anything but {listed}" if self.negated else listed


@dataclass(frozen=True, slots=True)
class Command:
    """One command line as typed (continuation lines joined by newlines) with what must come of it."""

    text: str
    output: tuple[Line, ...]
    status: Status
    span: Span
