"""A shell's prompt states."""

from enum import Enum, auto


class Prompt(Enum):
    """The state of the shell behind a console."""

    READY = auto()
    """It waits at an empty line."""
    TYPING = auto()
    """It waits at a line that has text."""
    BUSY = auto()
    """A program runs, or the shell has not prompted yet."""
    UNFINISHED = auto()
    """It waits for the rest of a command: an open quote or here-document, a backslash at its end."""
    ENDED = auto()
    """The terminal is closed."""

    @property
    def takes_command(self) -> bool:
        """True if text typed now would be a new command."""
        return self in {Prompt.READY, Prompt.TYPING}
