"""Tables of the calls that a machine has: C headers with their numbers, and the kernel's `syscall.tbl`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from runner.profile.evidence.model import Unused

_ROWS = {
    "a C header with the numbers of calls": re.compile(
        r"^[ \t]*#[ \t]*define[ \t]+(?:__(?:ARM_)?NR(?:3264)?_|SYS_)([a-z_][a-z0-9_]*)[ \t]+\S"
        r"|^[ \t]*__SYSCALL(?:_\w+)?\([ \t]*\d+,[ \t]*(?:__\w+_)?sys_([a-z0-9_]+)",
        re.MULTILINE,
    ),
    "the kernel's table of calls": re.compile(
        r"^\d+[ \t]+(?:common|64|32|x32|i386|n?o?spu|[eo]abi|n32|n64|o32)[ \t]+([a-z_][a-z0-9_]*)"
        r"(?:[ \t]+(?:\w+|-))*[ \t\r]*$",
        re.MULTILINE,
    ),
}
"""The kinds of tables, each with the rows that give a call's name."""
_NO_CALLS = frozenset(("syscalls", "arch_specific_syscall"))
"""What headers number beside calls: how many there are, and where a machine's own begin."""

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|//[^\n]*", re.DOTALL)
_OF_HEADER = re.compile(
    r"^[ \t]*#(?:[^\n]*\\\r?\n)*[^\n]*|^[ \t]*__S(?:YSCALL|C)(?:_\w+)?\([^()]*\)[,;]?", re.MULTILINE
)
"""The preprocessor's lines, which are comments in the kernel's table, and the calls' functions by their numbers."""
_MOST_KEPT = 1000


class Table(NamedTuple):
    """The kind of a table, each call in it with its line, and the lines that are none of its rows."""

    kind: str
    calls: dict[str, int]
    unused: tuple[Unused, ...]
    unused_lines: int


def read_table(text: str) -> Table | None:
    """The table in a text; None for a text that is mostly something else, such as a program with a few numbers."""
    for kind, row in _ROWS.items():
        if calls := dict(_rows(text, row)):
            rest = _COMMENT.sub(_lines_alone, text)
            rest = row.sub("", _OF_HEADER.sub(_lines_alone, rest))
            unused = [
                Unused(line, "no row of the table", content.strip()[:80])
                for line, content in enumerate(rest.split("\n"), 1)
                if content and not content.isspace()
            ]
            if len(unused) < len(calls):
                return Table(kind, calls, tuple(unused[:_MOST_KEPT]), len(unused))
    return None


def _lines_alone(match: re.Match[str]) -> str:
    """As many ends of lines as the match has, so that those after it keep their numbers."""
    return "\n" * match[0].count("\n")


def _rows(text: str, row: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    line, counted = 1, 0
    seen = set(_NO_CALLS)
    for match in row.finditer(text):
        name = next(filter(None, match.groups()))
        line += text.count("\n", counted, match.start())
        counted = match.start()
        if name not in seen:
            seen.add(name)
            yield name, line
