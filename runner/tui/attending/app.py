"""The app's part in a class."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from runner.lab.model.workshop import Lab, Workshop
from runner.language import tr
from runner.learner.progress.journal import Journal
from runner.tui import messages
from runner.tui.internals.key_order import KeyOrderApp
from runner.tui.internals.own_words import OwnWordsApp

if TYPE_CHECKING:
    from runner.tui.attending.side import ClassLink, ClassSide, OpenClass
    from runner.tui.attending.view import AppClassView


class AttendingApp(OwnWordsApp, KeyOrderApp):
    """An app whose learner may be in a class, and may see and delete their own record."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("H", "ask_for_help", "Ask for help"),
        Binding("C", "class_page", "Class", show=False),
        Binding("D", "demo", "Demo", show=False),
    ]

    def __init__(self, journal: Journal, open_class: "OpenClass | None") -> None:
        super().__init__()
        self._journal = journal
        self._open_class = open_class
        self.class_link: ClassLink | None = None
        """The connection to a class; None without a class."""
        self._class: ClassSide | None = None
        self._class_view: AppClassView | None = None

    def why_closed(self, workshop: Workshop, lab: Lab) -> str:
        """The reason why the class keeps a lab closed; "" if it is open."""
        return "" if self._class is None else self._class.why_closed(workshop, lab)

    def show_class(self) -> None:
        """Show the class on a screen that was just opened."""
        if self._class_view is not None:
            self.call_after_refresh(self._class_view.welcome)

    def join_class(self) -> None:
        """Connect to the class, if there is one."""
        if self._open_class is None:
            return
        from runner.tui.attending.side import ClassSide
        from runner.tui.attending.view import AppClassView

        self._class_view = AppClassView(self)
        self._class = self._class_view.side = ClassSide(self._journal, self._class_view)
        self.class_link = self._open_class(
            lambda notice: self.post_message(messages.ClassTold(notice)),
            lambda connected: self.post_message(messages.ClassReached(connected)),
        )
        self._journal.told = self.class_link.wake
        self.class_link.start()

    @on(messages.ClassTold)
    def _class_told(self, event: messages.ClassTold) -> None:
        if self._class is not None:
            self._class.heard(event.notice)

    @on(messages.ClassReached)
    def _class_reached(self, event: messages.ClassReached) -> None:
        if self._class is not None:
            self._class.reached(connected=event.connected)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable class actions outside a class."""
        if action in {"ask_for_help", "class_page", "demo"} and (self._class is None or self._class.over):
            return False
        return super().check_action(action, parameters)

    def class_pages(self) -> list[tuple[type[Screen[None]], str]]:
        """The pages about a class, each with its heading in the help."""
        from runner.tui.attending.pages import ClassPage, RecordPage

        return [
            (ClassPage, tr("When reading about the class")),
            (RecordPage, tr("When reading what is recorded of you")),
        ]

    def action_ask_for_help(self) -> None:
        """In a class: ask the instructor for help, or take that back."""
        if self._class is not None and self._class_view is not None:
            self._class.ask_for_help(self._class_view.place)

    def action_class_page(self) -> None:
        """In a class: what the instructor has written, and whether they may see your terminal."""
        from runner.tui.attending.pages import ClassPage

        if self._class is not None:
            self.push_screen(ClassPage(self._class))

    def action_demo(self) -> None:
        """In a class: hide the instructor's screen, or show it again."""
        if self._class_view is not None:
            self._class_view.toggle_demo()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002 (all have the same)
        """The palette's commands on every screen, with the app's own help in place of Textual's key panel."""
        yield SystemCommand(tr("Quit"), tr("Leave the workshop; your progress is kept"), self.action_quit)
        yield SystemCommand(tr("Theme"), tr("Choose the colours"), self.action_change_theme)
        about = tr("Every try, hint, answer and time, to see and to delete")
        yield SystemCommand(tr("Show what is recorded of me"), about, self._show_record)
        # Not at once: the palette would be in it.
        taken = partial(self.set_timer, 0.1, self.take_picture)
        yield SystemCommand(tr("Picture"), tr("Write what the screen shows to a file, as an SVG"), taken)

    def _show_record(self) -> None:
        from runner.tui.attending.pages import RecordPage

        forget = self._journal.forget if self._class is None else self._class.forget
        self.push_screen(RecordPage(self._journal.events(), forget))
