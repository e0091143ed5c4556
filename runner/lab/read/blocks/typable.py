"""Limits on lines that can be typed into a shell."""

import re

LONGEST_LINE = 4094
"""The longest line in bytes, without its end, that a terminal passes to a program that does not edit lines itself."""

_UNTYPABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def typing_obstacle(line: str) -> tuple[str, str] | None:
    """The reason why `line`, which may hold tabs, cannot be typed, and a remedy; None if it can."""
    if found := _UNTYPABLE.search(line):
        return (
            f"a command cannot hold the control character {found.group()!r}",
            "let printf make the character: printf '\\033'",
        )
    if (length := len(line.encode())) > LONGEST_LINE:
        return (
            f"a line of a command has {length} bytes, and a terminal takes {LONGEST_LINE}",
            "break the line with a backslash, or put it into a file",
        )
    return None
