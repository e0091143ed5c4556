"""The events that a learner's session sends to its screen, from its own threads."""

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
    """A command is about to be typed in an open console for the learner to watch."""

    target: str


@dataclass(frozen=True, slots=True)
class WorkspaceMade:
    """The workspace was removed, and has been recreated with the lab's files."""


@dataclass(frozen=True, slots=True)
class CommandsTypedAgain:
    """A container of earlier steps was launched again, and those steps' commands were typed in it again."""

    target: str


@dataclass(frozen=True, slots=True)
class CommandSeen:
    """A command has finished; `command` is the lesson's command that it matches, with its outcome, if there is one.

    `refusal` explains docker's message, if docker refused the command line; `explained` is true if a check explains the
    command.
    """

    target: str
    finished: "CommandFinished"
    command: Command | None = None
    outcome: Outcome | None = None
    refusal: str = ""
    explained: bool = False


@dataclass(frozen=True, slots=True)
class CheckJudged:
    """A check of `step` was evaluated; `asked` is true if the learner asked for it."""

    step: str
    check: Check
    outcome: Outcome
    asked: bool


@dataclass(frozen=True, slots=True)
class CheckMissed:
    """A check of `step` that ran by itself fails with another result than before, and not by a try of the learner's."""

    step: str
    check: Check
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class AdviceOutdated:
    """The learner's last try is not what a failed check of `step` is about; `outcome` says so."""

    step: str
    check: Check
    outcome: Outcome


SessionEvent = (
    ConsoleOpened
    | ConsoleDropped
    | ConsoleUsed
    | WorkspaceMade
    | CommandsTypedAgain
    | CommandSeen
    | CheckJudged
    | CheckMissed
    | AdviceOutdated
)
