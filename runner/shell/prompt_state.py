"""A shell's prompt states."""

from enum import Enum, auto


class Prompt(Enum):
    """What the shell behind a console is doing."""

    READY = auto()
    """It waits at an empty line."""
    TYPING = auto()
    """It waits at a line on which something stands."""
    BUSY = auto()
    """A program runs, or the shell has not prompted yet."""
    UNFINISHED = auto()
    """It waits for the rest of a command: an open quote or here-document, a backslash at its end."""
    ENDED = auto()
    """The terminal is closed."""

    @property
    def takes_command(self) -> bool:
        """Whether what is typed now would be a command of its own."""
        return self in {Prompt.READY, Prompt.TYPING}
