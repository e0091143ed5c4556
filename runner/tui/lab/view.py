"""What the screen of a lab does for the controller and the actions of that lab."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING, Literal, Protocol

from runner.lab.model.transcript import Command
from runner.lab.model.workshop import QuizBlock, Step

if TYPE_CHECKING:
    from runner.engine.api import EngineInfo
    from runner.learner.session.events import SessionEvent
    from runner.shell.prompt_state import Prompt

Severity = Literal["information", "warning", "error"]

Topic = Literal["", "task", "failure"]
"""What a message is about, if it is of no use after that: a task until it is done, a command that failed until it was
run again, and both until the step is left."""


class CannotTypeError(Exception):
    """What is in the terminal now should not be typed into.

    `insisting` helps where it might be meant; `way_on` says what else does. With `occupied`, something has the shell,
    of which the session knows more.
    """

    def __init__(
        self, message: str, *, occupied: bool = False, insisting: bool = False, way_on: str = ""
    ) -> None:
        super().__init__(message)
        self.occupied = occupied
        self.insisting = insisting
        self.way_on = way_on


class LabView(Protocol):
    """Shows, says and asks. Every call is made in the app's thread, but `tell` and `progress`, which any may call."""

    def tell(self, happening: "SessionEvent") -> None:
        """Pass on what the session tells; the controller hears it once it is shown."""

    def progress(self, text: str) -> None:
        """The opening of the engine has come a step further."""

    def beside(self, work: Callable[[], Awaitable[None]], *, only: str = "") -> None:
        """Do work that waits, until the screen goes; of two that are both the `only` one, the later."""

    async def told(self) -> None:
        """Wait until what the session has told so far is shown."""

    def say(
        self,
        text: str,
        *,
        way_on: str = "",
        title: str = "",
        severity: Severity = "information",
        timeout: float | None = None,
        topic: Topic = "",
    ) -> None:
        """Show a message for `timeout` seconds; `way_on` names keys, in backticks: "`n` goes on"."""

    def unsay(self, *topics: Topic) -> None:
        """Take the messages on `topics` away, or all messages: what they ask for has been done."""

    async def confirm(self, title: str, text: str, *, yes: str, no: str, key: str = "y") -> bool:
        """Ask a question, and wait for the answer; `key` is the one for yes."""

    def show_doing(self, doing: str) -> None:
        """Say what is being done for the learner; "" if nothing is."""

    def show_running(self, target: str) -> None:
        """A command that was typed for the learner runs in `target`; "" if none does."""

    def show_trouble(self, trouble: str) -> None:
        """Say why progress is not on disk; "" if it is."""

    def show_waiting(self, text: str) -> None:
        """Say what is waited for where a terminal will be."""

    def show_no_terminal(self, text: str) -> None:
        """Say why there will be no terminal, if there is none."""

    def show_engine(self, info: "EngineInfo") -> None:
        """There is an engine."""

    async def show_engine_lost(self) -> None:
        """Take away all that the engine had; who types into a terminal goes on in the next one."""

    async def show_step(self, step: Step, launched: Collection[str]) -> None:
        """Show a step from its beginning, as far as the learner has come in it."""

    def show_launched(self, target: str, *, running: bool) -> None:
        """Show whether a container of the lesson runs."""

    def show_launch(self, name: str) -> None:
        """Bring a container that is being launched into view."""

    def show_typed(self, command: Command) -> None:
        """Show that a command was typed, and bring it into view."""

    def show_hints(self, hints: int) -> None:
        """Show that many hints, and bring them into view."""

    def show_task(self) -> None:
        """Bring into view what the step asks of the learner."""

    def show_question(self, quiz: QuizBlock) -> None:
        """Bring a question into view, to be answered by the next keys."""

    def show_files(self, texts: Mapping[str, str | None]) -> None:
        """Show the step's files as they are now; None for one that is not there."""

    def show_summary(self) -> None:
        """Show how the lab went, and ask where to go from there."""

    def offer(self, target: str) -> None:
        """Bring a console to the front, unless the learner is typing into one."""

    def prompt(self, target: str) -> "Prompt":
        """What the shell of a console is doing; ENDED if there is none."""

    def type(self, target: str, command: Command, *, insist: bool) -> None:
        """Type a command into a console, which comes to the front.

        Raises:
            CannotTypeError: what is in the terminal now should not be typed into.
        """

    def not_reopened(self, target: str) -> None:
        """The shell of a console could not be opened again."""
