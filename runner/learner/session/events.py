"""What a learner's session tells its screen, from its own threads."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runner.check.outcome import Outcome
from runner.lab.model.check import Check
from runner.lab.model.transcript import Command

if TYPE_CHECKING:
    from runner.learner.session.tap import Tap
    from runner.shell.console import Console
    from runner.shell.recorder import CommandFinished


@dataclass(frozen=True, slots=True)
class ConsoleOpened:
    """A console can be shown: `tap` has its output from the first byte on."""

    target: str
    console: "Console"
    tap: "Tap"


@dataclass(frozen=True, slots=True)
class ConsoleDropped:
    """A console was closed by a relaunch or a reset."""

    target: str


@dataclass(frozen=True, slots=True)
class ConsoleUsed:
    """Something is about to be typed in an open console for the learner to watch."""

    target: str


@dataclass(frozen=True, slots=True)
class WorkspaceMade:
    """The workspace was removed by somebody, and is there again with the files of the lab."""


@dataclass(frozen=True, slots=True)
class CommandSeen:
    """A command has finished; `command` is the one of the lesson that it is, with what came of it, if it is one.

    `refusal` is what docker's message means, in words, where docker refused the command line and no check says so.
    """

    target: str
    finished: "CommandFinished"
    command: Command | None = None
    outcome: Outcome | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class CheckJudged:
    """A check of `step` was looked at; `asked` by the learner, not by itself."""

    step: str
    check: Check
    outcome: Outcome
    asked: bool


@dataclass(frozen=True, slots=True)
class CheckMissed:
    """A check of `step` that was looked at by itself fails otherwise than before: something was tried."""

    step: str
    check: Check
    outcome: Outcome


SessionEvent = (
    ConsoleOpened | ConsoleDropped | ConsoleUsed | WorkspaceMade | CommandSeen | CheckJudged | CheckMissed
)
