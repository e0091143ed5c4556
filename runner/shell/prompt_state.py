"""A shell's prompt states."""

from enum import Enum, auto


class Prompt(Enum):
    """What the shell behind a console is doing."""

    READY = auto()
    """It waits at an empty line."""
    TYPING = auto()
    """It waits at a line on which something stands."""
    BUSY = auto()
    """A program runs, the shell has not prompted yet, or a command of several lines is not complete."""
    ENDED = auto()
    """The terminal is closed."""
