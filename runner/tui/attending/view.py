"""The display of a class in the app."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual.app import App

from runner.language import tr
from runner.record.notice import DemoFrame, Pause
from runner.tui.attending.pause import PauseScreen
from runner.tui.attending.side import ClassSide, Place
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.lab.session_screen import SessionScreen
from runner.tui.widgets.status import StatusLine

if TYPE_CHECKING:
    from textual.screen import Screen


class AppClassView:
    """The `ClassView` of the app: messages, the status lines, a pause over everything, the demo beside a terminal."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._hidden = False
        """True if the learner has hidden the demo."""
        self._frame: DemoFrame | None = None
        self.side: ClassSide | None = None

    def say(self, text: str, *, title: str = "", timeout: float | None = None) -> None:
        """Show a message."""
        self._app.notify(text, title=title, timeout=timeout, markup=False)

    def show_class(self) -> None:
        """Show the class status on every screen."""
        if self.side is not None:
            for screen in self._app.screen_stack:
                for line in screen.query(StatusLine):
                    line.company = self.side.standing

    def welcome(self) -> None:
        """Show the class on a screen that was just opened: the status, and the demo, which may not change for long."""
        self.show_class()
        if self._frame is not None and not self._hidden:
            for session in self._sessions():
                session.show_demo(self._frame)

    def show_hint(self) -> bool:
        """Show the next hint of the open step; False if no step is open."""
        if not isinstance(lab := self._session, LabScreen):
            return False
        lab.action_hint()
        return True

    def show_pause(self, pause: Pause) -> None:
        """Cover everything with a pause, or remove it."""
        shown = next((one for one in self._app.screen_stack if isinstance(one, PauseScreen)), None)
        if pause.on and shown is None:
            self._app.push_screen(PauseScreen(pause.text))
        elif not pause.on and shown is not None:
            shown.end()

    def show_demo(self, frame: DemoFrame | None) -> None:
        """Show the instructor's screen beside the learner's terminals."""
        self._frame = frame
        if frame is None:
            self._hidden = False
        for session in self._sessions():
            session.show_demo(None if self._hidden else frame)

    def toggle_demo(self) -> None:
        """Hide the instructor's screen, or show it again."""
        if self.side is None or not self.side.demo:
            self.say(tr("Your instructor shows nothing now."))
            return
        self._hidden = not self._hidden
        for session in self._sessions():
            session.show_demo(None if self._hidden else self._frame)

    def ask_consent(self) -> None:
        """Ask whether the instructor may see the learner's terminal."""
        from runner.tui.screens.question import Question

        def answered(yes: bool | None) -> None:
            if self.side is not None:
                self.side.agree(agreed=bool(yes))

        text = tr(
            "To help you, the instructor may look at your terminal: read only, and while they do, your status line "
            "says so. You can change your mind at any time: C."
        )
        question = Question(
            tr("May the instructor see your terminal?"),
            text,
            yes=tr("They may"),
            no=tr("They may not"),
            unasked=True,
        )
        self._app.push_screen(question, answered)

    @property
    def place(self) -> Place:
        """The learner's current place."""
        session = self._session
        return Place() if session is None else Place(*session.place)

    @property
    def _session(self) -> SessionScreen | None:
        return next(self._sessions(), None)

    def _sessions(self) -> Iterator[SessionScreen]:
        stack: list[Screen[object]] = list(self._app.screen_stack)
        return (screen for screen in reversed(stack) if isinstance(screen, SessionScreen))
