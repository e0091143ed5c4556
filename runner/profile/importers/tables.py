"""Tables of the calls that a machine has: C headers with their numbers, and the kernel's `syscall.tbl`."""

import re
from collections.abc import Iterator

_ROWS = {
    "a C header with the numbers of calls": re.compile(
        r"^[ \t]*#[ \t]*define[ \t]+(?:__(?:ARM_)?NR(?:3264)?_|SYS_)([a-z_][a-z0-9_]*)[ \t]+\S"
        r"|^[ \t]*__SYSCALL(?:_\w+)?\([ \t]*\d+,[ \t]*(?:__\w+_)?sys_([a-z0-9_]+)",
        re.MULTILINE,
    ),
    "the kernel's table of calls": re.compile(
        r"^\d+[ \t]+(?:common|64|32|x32|i386|n?o?spu|[eo]abi|n32|n64|o32)[ \t]+([a-z_][a-z0-9_]*)"
        r"(?:[ \t]+\w+)*[ \t\r]*$",
        re.MULTILINE,
    ),
}
"""The kinds of tables, each with the rows that give a call's name."""
_NO_CALLS = frozenset(("syscalls", "arch_specific_syscall"))
"""What headers number beside calls: how many there are, and where a machine's own begin."""


def calls_of_table(text: str) -> tuple[str, dict[str, int]]:
    """The kind of the table, and each call in it with its line; "" and none for another text."""
    for kind, row in _ROWS.items():
        if found := dict(_rows(text, row)):
            return kind, found
    return "", {}


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
