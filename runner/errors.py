"""The errors that end a command, each with the exit code that scripts can rely on."""

from enum import IntEnum

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from typing import ClassVar


class ExitCode(IntEnum):
    """The exit codes of `workshop`."""

    OK = 0
    FAILED = 1
    USAGE = 2
    ENGINE = 3
    INTERRUPTED = 130
    NO_READER = 141
    """The reader of the output went away, as `head` does: a shell's status for a command that SIGPIPE ended."""


class WorkshopError(Exception):
    """An error a user can act on: the message says where, what and the next step.

    `remedy`, if given, is the next step alone, shown on a line of its own.
    """

    exit_code: "ClassVar[ExitCode]" = ExitCode.FAILED

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def in_full(self) -> str:
        """The message, with the next step below it."""
        return f"{self}\n  next: {self.remedy}" if self.remedy else str(self)


def told(error: Exception) -> WorkshopError:
    """A system error as an error that a user can act on; a `WorkshopError` is returned as it is."""
    if isinstance(error, WorkshopError):
        return error
    if isinstance(error, OSError):
        where = f"{printable(str(error.filename))}: " if error.filename else ""
        return WorkshopError(f"{where}{error.strerror or error}")
    return WorkshopError(f"{type(error).__name__}: {error}")


def printable(text: str) -> str:
    """Text such as a file's name, without bytes that are not UTF-8, which cannot be sent to a terminal."""
    return text.encode("utf-8", "replace").decode()


def harmless(text: str) -> str:
    """Untrusted text made safe for a terminal: control characters become �, and lines stay lines."""
    return "".join(character if character.isprintable() or character == "\n" else "�" for character in text)


class UsageError(WorkshopError):
    """The user's input cannot be used: an option, a lab, a profile."""

    exit_code = ExitCode.USAGE


class EngineError(WorkshopError):
    """The engine is missing, broke, or failed at its task; never the learner's fault."""

    exit_code = ExitCode.ENGINE
