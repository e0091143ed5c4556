"""The rules for text that is typed into a shell."""

from runner.errors import UsageError
from runner.lab.read.blocks.typable import typing_obstacle


def typable_lines(text: str) -> list[str]:
    """The lines of `text`, ready to be typed.

    Raises:
        UsageError: the text holds a control character, or a line that a terminal would cut.
    """
    lines = text.split("\n")
    for line in lines:
        if obstacle := typing_obstacle(line):
            why, remedy = obstacle
            raise UsageError(why, remedy=remedy)
    return lines
