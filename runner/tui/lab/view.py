"""The interface of a lab's screen for its controller and actions."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING, Protocol

from runner.lab.model.transcript import Command
from runner.lab.model.workshop import QuizBlock, Step
from runner.tui.announcement import Announcement, Severity, Topic

if TYPE_CHECKING:
    from runner.engine.api import EngineInfo
    from runner.learner.session.events import SessionEvent
    from runner.shell.prompt_state import Prompt


class LabView(Protocol):
    """Shows, reports and asks. Every call is made in the app's thread, but `tell` and `progress` from any."""

    def tell(self, happening: "SessionEvent") -> None:
        """Pass on an event of the session; the controller gets it once it is shown."""

    def progress(self, text: str) -> None:
        """Report a further step in the opening of the engine."""

    def beside(self, work: Callable[[], Awaitable[None]], *, only: str = "") -> None:
        """Run work that waits, until the screen goes; of two with the same `only`, the later replaces the earlier."""

    async def told(self) -> None:
        """Wait until the session's events so far are shown."""

    def say(
        self,
        text: str,
        *,
        way_on: str = "",
        title: str = "",
        severity: Severity = "information",
        timeout: float | None = None,
        topic: Topic = "",
    ) -> Announcement:
        """Show a message for `timeout` seconds; `way_on` names keys, in backticks: "`n` goes on"."""

    def unsay(self, *topics: Topic) -> None:
        """Remove the messages on `topics`, or all messages: they are done with."""

    def withdraw(self, announcement: Announcement) -> None:
        """Remove a message, if it still shows: what it says does not hold any more."""

    async def confirm(
        self, title: str, text: str, *, yes: str, no: str, key: str = "y", unasked: bool = False
    ) -> bool:
        """Ask a question, and wait for the answer; `key` is the one for yes.

        `unasked`: the learner may be typing, since it comes up by itself or late.
        """

    def show_doing(self, doing: str) -> None:
        """Name the work that is being done for the learner; "" for none."""

    def show_running(self, target: str) -> None:
        """Show that a command typed for the learner runs in `target`; "" if none does."""

    def show_trouble(self, trouble: str) -> None:
        """Show why progress is not on disk; "" if it is."""

    def show_waiting(self, text: str) -> None:
        """Show what is being waited for in the terminal's place."""

    def show_no_terminal(self, text: str) -> None:
        """Show why there will be no terminal, if there is none."""

    def show_engine(self, info: "EngineInfo") -> None:
        """Show the engine that was found."""

    async def show_engine_lost(self) -> None:
        """Remove the engine's panes; a learner who types into a terminal goes on in the next one."""

    async def show_step(self, step: Step, launched: Collection[str]) -> None:
        """Show a step from its beginning, with the learner's state in it."""

    def show_launched(self, target: str, *, running: bool) -> None:
        """Show whether a container of the lesson runs."""

    def show_launch(self, name: str) -> None:
        """Bring a container that is being launched into view."""

    def show_typed(self, command: Command) -> None:
        """Show that a command was typed, and bring it into view."""

    def show_hints(self, hints: int) -> None:
        """Show that many hints, and bring them into view."""

    def show_task(self) -> None:
        """Scroll to the step's task."""

    def show_question(self, quiz: QuizBlock) -> None:
        """Bring a question into view, to be answered by the next keys."""

    def show_files(self, texts: Mapping[str, str | None]) -> None:
        """Show the current texts of the step's files; None for one that is missing."""

    def show_summary(self, *, late: bool) -> None:
        """Show how the lab went, and ask where to go from there; `late`: the learner may be typing."""

    def offer(self, target: str) -> None:
        """Bring a console to the front, unless the learner is typing into one."""

    def prompt(self, target: str) -> "Prompt":
        """The state of a console's shell; ENDED if there is none."""

    def type(self, target: str, command: Command, *, insist: bool) -> None:
        """Type a command into a console, which comes to the front.

        Raises:
            CannotTypeError: the terminal cannot take a command now.
        """

    def not_reopened(self, target: str) -> None:
        """Show that a console's shell could not be reopened."""
