"""The errors of a console; each keeps the output up to then."""

from runner.errors import WorkshopError


class ConsoleError(WorkshopError):
    """A console failed at its task; `output` is the command's output so far."""

    def __init__(self, message: str, *, output: str = "", remedy: str = "") -> None:
        super().__init__(message, remedy=remedy)
        self.output = output


class CommandTimeout(ConsoleError):
    """The command was still running at its timeout; it goes on until the console is interrupted."""


class IncompleteCommand(ConsoleError):
    """The shell wants more lines: an unclosed quote, bracket or here-document. The console stays usable."""


class ConsoleClosed(ConsoleError):
    """The shell or its container has ended."""


class ConsoleLost(ConsoleError):
    """The shell cannot be brought back to a prompt."""
