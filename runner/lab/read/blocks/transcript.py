"""The text of a `console` fence → commands and the expected lines of each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import translate
from typing import TYPE_CHECKING

from runner.lab.model.span import Severity
from runner.lab.model.transcript import Command, Line, Match, Status
from runner.lab.read.blocks.regex import regex_problem
from runner.lab.read.blocks.typable import typing_obstacle
from runner.lab.read.rules import Rule

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

_SUFFIX = re.compile(r"(?:(.*) |)\((?:(glob|re)([?*+]?)|([?*+]))\)")
_FOREIGN_SUFFIX = re.compile(r".* \((regex|equal|eq|escaped|esc|no-eol)[?*+]?\)")
_STATUS = re.compile(r"\[(!?)([0-9]+(?:\|[0-9]+)*)\]")
_MATCHES_NOTHING = "(?!)"
_COUNTS: dict[str, tuple[int, int | None]] = {"": (1, 1), "?": (0, 1), "*": (0, None), "+": (1, None)}


def read_transcript(source: "Source", text: str, first_line: int) -> tuple[Command, ...]:
    """Read a transcript whose first line is `first_line` of `source`, and report faults in it."""
    reader = _Reader(source)
    for number, line in enumerate(text.removesuffix("\n").split("\n"), first_line):
        reader.feed(number, line)
    return tuple(reader.finish())


@dataclass(slots=True)
class _Draft:
    line: int
    end: int
    words: list[str]
    output: list[Line] = field(default_factory=list)
    status: Status | None = None
    blanks: list[int] = field(default_factory=list)

    @property
    def is_typing(self) -> bool:
        return not self.output and not self.blanks and self.status is None


class _Reader:
    def __init__(self, source: "Source") -> None:
        self._source = source
        self._drafts: list[_Draft] = []

    def feed(self, number: int, line: str) -> None:
        draft = self._drafts[-1] if self._drafts else None
        if line.startswith(("$ ", "# ")):
            self._drafts.append(_Draft(number, number, [line[2:]]))
            if not line[2:].strip():
                self._report("a prompt without a command", number)
            self._check_typable(line[2:], number)
        elif draft is None:
            if line.strip():
                self._report("output before the first command; a command starts with '$ ' or '# '", number)
        elif line.startswith("> ") or line == ">":
            self._continue(draft, number, line)
        elif not line.strip():
            draft.blanks.append(number)
        elif status := _STATUS.fullmatch(line.rstrip()):
            self._status(draft, number, negated=bool(status[1]), codes=status[2].split("|"))
        else:
            self._output(draft, number, line)

    def finish(self) -> Iterable[Command]:
        for draft in self._drafts:
            span = self._source.span(draft.line, draft.end)
            yield Command("\n".join(draft.words), tuple(draft.output), draft.status or Status(), span)

    def _continue(self, draft: _Draft, number: int, line: str) -> None:
        if draft.is_typing:
            draft.words.append(line[2:])
            draft.end = number
            self._check_typable(line[2:], number)
        else:
            self._output(draft, number, line)

    def _check_typable(self, line: str, number: int) -> None:
        if obstacle := typing_obstacle(line):
            self._report("; ".join(obstacle), number)

    def _status(self, draft: _Draft, number: int, *, negated: bool, codes: list[str]) -> None:
        values = tuple(int(code[:4]) for code in codes)
        if max(values) > 255:
            self._report("an exit status is at most 255", number)
        elif draft.status is not None:
            self._report("a second exit status for one command; write alternatives as [1|2]", number)
        else:
            draft.status = Status(values, negated)
            draft.end = number

    def _output(self, draft: _Draft, number: int, line: str) -> None:
        if draft.status is not None:
            self._report("output after the exit status; the status is a command's last line", number)
            return
        # Blank lines are output only between other lines: at the end they are only layout.
        for blank in draft.blanks:
            draft.output.append(Line("", Match.EQUAL, 1, 1, self._source.span(blank)))
        draft.blanks.clear()
        draft.output.append(self._line(number, line))
        draft.end = number

    def _line(self, number: int, line: str) -> Line:
        span = self._source.span(number)
        suffix = _SUFFIX.fullmatch(line)
        # In an expression a backslash keeps its usual meaning.
        if line.startswith("\\") and not (suffix and suffix[2] == Match.REGEX):
            return Line(line[1:], Match.EQUAL, 1, 1, span)
        if suffix is None:
            if foreign := _FOREIGN_SUFFIX.fullmatch(line):
                hint = "write (re)" if foreign[1] == "regex" else "known: (glob), (re), (?), (*), (+)"
                self._report(f"unknown suffix ({foreign[1]}); {hint}, or start the line with \\", number)
            return Line(line, Match.EQUAL, 1, 1, span)
        text, kind, quantifier = suffix[1], suffix[2], suffix[3] or suffix[4] or ""
        if text is None:
            self._report(
                f"nothing before {line}; for any lines write '* (glob*)', for this text start with \\", number
            )
            text = ""
        match = Match(kind) if kind else Match.EQUAL
        self._check_pattern(match, text, number)
        least, most = _COUNTS[quantifier]
        return Line(text, match, least, most, span)

    def _check_pattern(self, match: Match, text: str, number: int) -> None:
        if match is Match.REGEX and (problem := regex_problem(text, whole=True)):
            self._source.report(Rule.BAD_REGEX, problem, number)
        elif match is Match.GLOB and not set("*?[") & set(text):
            message = "a (glob) line without *, ? or […] matches only itself; leave the suffix out"
            self._source.report(Rule.BAD_GLOB, message, number, severity=Severity.WARNING)
        elif match is Match.GLOB and "[" in text and _MATCHES_NOTHING in translate(text):
            message = "this (glob) can match nothing: […] stands for one of the characters in it"
            self._source.report(Rule.BAD_GLOB, message, number)

    def _report(self, message: str, number: int) -> None:
        self._source.report(Rule.TRANSCRIPT, message, number)
