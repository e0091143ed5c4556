"""How a console can fail; each error keeps what had been printed."""

from runner.errors import WorkshopError


class ConsoleError(WorkshopError):
    """A console that did not do what it was asked; `output` is what the command had printed by then."""

    def __init__(self, message: str, *, output: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.output = output


class CommandTimeout(ConsoleError):
    """The command was still running when its time was up; it goes on until the console is interrupted."""


class IncompleteCommand(ConsoleError):
    """The shell wants more lines: an unclosed quote, bracket or here-document. The console can be used again."""


class ConsoleClosed(ConsoleError):
    """The shell or its container has ended."""


class ConsoleLost(ConsoleError):
    """The shell cannot be brought back to a prompt."""
