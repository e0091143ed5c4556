"""Positions in files, and the problems found there."""

from enum import StrEnum
from pathlib import Path
from typing import NamedTuple


class Span(NamedTuple):
    """Lines `line` to `end` (1-based, inclusive) of `path`."""

    path: Path
    line: int
    end: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class Severity(StrEnum):
    """The severity: an error makes a lab unusable, a warning does not, a notice suggests an addition."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Problem(NamedTuple):
    """A finding of the reader or the linter.

    `rule` is a stable kebab-case id, `text` the offending source text ("" if there is none).
    """

    span: Span
    rule: str
    message: str
    text: str = ""
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        return f"{self.span}: {self.message} [{self.rule}]"
