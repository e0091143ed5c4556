"""What can be typed into a shell as a command."""

import re

from runner.errors import UsageError

LONGEST_LINE = 4094
"""The bytes of a line, without its end, that a terminal keeps for a program that does not edit lines itself."""

_UNTYPABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def typable_lines(text: str) -> list[str]:
    """The lines of `text`, which may hold tabs.

    Raises:
        UsageError: it holds a control character, or a line that a terminal would cut.
    """
    lines = text.split("\n")
    if found := _UNTYPABLE.search(text):
        raise UsageError(
            f"a command cannot hold the control character {found.group()!r}: {text!r}",
            remedy="let printf make the character: printf '\\033'",
        )
    if any(len(line.encode()) > LONGEST_LINE for line in lines):
        raise UsageError(
            f"a line of a command is longer than the {LONGEST_LINE} bytes that a terminal takes",
            remedy="break the line with a backslash, or put it into a file",
        )
    return lines
