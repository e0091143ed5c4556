"""The text of one file, and the problems found in it."""

from pathlib import Path

from runner.lab.model.span import Problem, Severity, Span
from runner.lab.read.rules import Rule
from runner.paths import read_bytes, why

SIZE_LIMIT = 1 << 20
"""The largest file that is read, in bytes: lessons are far smaller, and no file may keep the parser busy for long."""


class Source:
    """The lines of one file, and a collector of the problems in them.

    Line ends are newlines whatever the file uses; a byte order mark is dropped.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text.replace("\r\n", "\n").replace("\r", "\n")
        self.lines = self.text.split("\n")
        self.problems: list[Problem] = []

    def reopened(self) -> "Source":
        """A copy with the same text and no problems."""
        return Source(self.path, self.text)

    def span(self, line: int, end: int | None = None) -> Span:
        """Lines `line` to `end` (`line` if None), kept within the file."""
        line = min(max(line, 1), len(self.lines))
        return Span(self.path, line, min(max(end or line, line), len(self.lines)))

    def report(
        self,
        rule: Rule,
        message: str,
        line: int,
        *,
        end: int | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Add a problem, with the text of its line."""
        span = self.span(line, end)
        self.problems.append(Problem(span, rule, message, self.lines[span.line - 1].strip(), severity))


def load(path: Path) -> Source:
    """Read a text file; if that fails, the source is empty and has a problem with the reason."""
    try:
        data = read_bytes(path, SIZE_LIMIT)
    except (OSError, ValueError) as error:
        return _unreadable(path, Rule.NOT_READABLE, f"cannot be read: {why(error)}")
    if len(data) > SIZE_LIMIT:
        return _unreadable(path, Rule.TOO_LARGE, f"larger than {SIZE_LIMIT >> 20} MiB; split it")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _unreadable(path, Rule.NOT_TEXT, f"not UTF-8 text (line {line}); save it as UTF-8")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        return _unreadable(path, Rule.NOT_TEXT, f"a NUL byte in line {line}; this is not a text file")
    return Source(path, text)


def _unreadable(path: Path, rule: Rule, message: str) -> Source:
    source = Source(path, "")
    source.report(rule, message, 1)
    return source
