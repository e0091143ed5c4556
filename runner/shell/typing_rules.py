"""The lines of a command as they are typed."""

from runner.errors import UsageError
from runner.lab.read.blocks.typable import typing_obstacle


def typable_lines(text: str) -> list[str]:
    """The lines of `text`.

    Raises:
        UsageError: it holds a control character, or a line that a terminal would cut.
    """
    lines = text.split("\n")
    for line in lines:
        if obstacle := typing_obstacle(line):
            why, remedy = obstacle
            raise UsageError(why, remedy=remedy)
    return lines
