"""The workshop as a Textual app."""

import gc
import logging
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.worker import WorkerFailed

from runner.errors import WorkshopError, printable, told
from runner.lab.model.workshop import Lab, Step, Workshop
from runner.language import tr
from runner.learner.home import lab_folder
from runner.learner.journal import Journal
from runner.tui import messages
from runner.tui.internals.failures import FailureApp
from runner.tui.internals.going import at_work, goes
from runner.tui.internals.key_order import KeyOrderApp
from runner.tui.internals.looks import wear
from runner.tui.screens.lab import LabScreen
from runner.tui.settings import SANDBOX, Settings
from runner.tui.shared_engine import OpenEngine, SharedEngine
from runner.tui.split import Split
from runner.tui.themes import DARK, LIGHT, THEMES

if TYPE_CHECKING:
    from runner.lab.search import Index
    from runner.tui.class_side import ClassLink, ClassSide, OpenClass
    from runner.tui.class_view import AppClassView
    from runner.tui.demo import Tempo

_log = logging.getLogger(__name__)


def _collect_garbage() -> None:
    """From now on, what is there by now left out: it stays, and looking through it takes as long as a frame."""
    gc.freeze()
    gc.enable()


class WorkshopApp(KeyOrderApp, FailureApp):
    """Lets a learner pick a lab and do it. `first` is the lab to begin with, if they named one;
    with `sandbox` they begin there. With `demo`, that lab plays itself, and the app ends with it."""

    TITLE = "workshop"
    # At the top, where neither the bars nor the last lines of a terminal are.
    DEFAULT_CSS = """
    WorkshopApp {
        ToastRack { dock: top; margin: 0 1 0 0; max-height: 70%; }
        Toast { width: auto; max-width: 48; padding: 0 1; background: $panel; }
        /* In the light look too, red is what failed. */
        Markdown MarkdownBlock:light > .code_inline { background: $warning 10%; color: $text-warning 95%; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "toggle_dark", "Light or dark", show=False),
        Binding("H", "ask_for_help", "Ask for help"),
        Binding("C", "class_page", "Class", show=False),
        Binding("D", "demo", "Demo", show=False),
    ]

    def __init__(
        self,
        *,
        workshops: Sequence[Workshop],
        journal: Journal,
        open_engine: OpenEngine,
        state: Path,
        first: tuple[Workshop, Lab] | None = None,
        sandbox: bool = False,
        demo: "Tempo | None" = None,
        open_class: "OpenClass | None" = None,
    ) -> None:
        super().__init__()
        self._open_class = open_class
        self.class_link: ClassLink | None = None
        """The connection to a class; None for one who is by themselves."""
        self._class: ClassSide | None = None
        self._class_view: AppClassView | None = None
        self._demo = demo
        self.stuck: WorkshopError | None = None
        """What kept a demonstration from its end."""
        self._workshops = workshops
        self._journal = journal
        self._settings = Settings.below(state)
        self._split = Split(self._settings)
        self._first = first
        self._sandbox = sandbox
        self.room = SharedEngine(open_engine, lambda workshop, lab: lab_folder(state, workshop.id, lab.id))
        for theme in THEMES:
            self.register_theme(theme)
        wear(self, self.available_themes.get(self._settings.theme, DARK))

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 (what is said names files and quotes the engine: never markup)
    ) -> None:
        super().notify(printable(message), title=title, severity=severity, timeout=timeout, markup=False)

    def take_failure(self, error: Exception) -> bool:
        # Work that is not finished when the app or its screen is left finds its widgets gone, which harms nothing.
        if self.return_code is not None or goes(at_work()):
            _log.info("ended with what it was shown in", exc_info=error)
            return True
        if isinstance(error, WorkerFailed) and isinstance(error.error, WorkshopError | OSError):
            # Of what the system refuses, the learner hears; what they did not ask for goes on.
            problem = told(error.error)
            _log.warning("a worker failed", exc_info=error.error)
            self.notify(
                f"{problem}\n{problem.remedy}".strip(), title=tr("That did not work"), severity="error"
            )
            return True
        return False

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, lambda theme: setattr(self._settings, "theme", theme.name))
        # Not at once: while the app mounts, whatever is painted is thrown away.
        self.call_later(self._begin)
        if self._journal.notice:
            self.notify(self._journal.notice, severity="warning", timeout=20, markup=False)
        elif self._journal.unread:
            self.notify(
                tr(
                    "Your progress cannot be read now: {trouble}. What is there is safe.",
                    trouble=self._journal.trouble,
                ),
                severity="warning",
                timeout=20,
                markup=False,
            )

    # The class, if the learner is in one.

    def _join(self) -> None:
        """Connect with the class."""
        if self._open_class is None:
            return
        from runner.tui.class_side import ClassSide
        from runner.tui.class_view import AppClassView

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
        """What is for a class alone does nothing without one."""
        if action in {"ask_for_help", "class_page", "demo"} and (self._class is None or self._class.over):
            return False
        return super().check_action(action, parameters)

    def action_ask_for_help(self) -> None:
        """In a class: ask the instructor for help, or take that back."""
        if self._class is not None and self._class_view is not None:
            self._class.ask_for_help(self._class_view.place)

    def action_class_page(self) -> None:
        """In a class: what the instructor has written, and whether they may see your terminal."""
        from runner.tui.screens.class_page import ClassPage

        if self._class is not None:
            self.push_screen(ClassPage(self._class))

    def action_demo(self) -> None:
        """In a class: hide the instructor's screen, or show it again."""
        if self._class_view is not None:
            self._class_view.toggle_demo()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        yield from super().get_system_commands(screen)
        about = tr("Every try, hint, answer and time, to see and to delete")
        yield SystemCommand(tr("Show what is recorded of me"), about, self._show_record)

    def _show_record(self) -> None:
        from runner.tui.screens.class_page import RecordPage

        forget = self._journal.forget if self._class is None else self._class.forget
        self.push_screen(RecordPage(self._journal.events(), forget))

    def _begin(self) -> None:
        if self._first is None and self._sandbox:
            self._open_sandbox()
        elif self._first is None:
            self._pick()
        else:
            self._enter(*self._first)
        self.screen.call_after_refresh(_collect_garbage)
        self._join()

    def _pick(self) -> None:
        self._settings.place = ""
        from runner.tui.screens.picker import PickerScreen

        self.push_screen(PickerScreen(self._workshops, self._journal))

    @on(messages.SandboxAsked)
    def _open_sandbox(self) -> None:
        from runner.lab.model.images import images
        from runner.tui.screens.sandbox import SandboxScreen

        if any(isinstance(screen, SandboxScreen) for screen in self.screen_stack):
            return

        def left(_: object) -> None:
            self._settings.place = ""
            if len(self.screen_stack) == 1:
                self._pick()

        self._settings.place = SANDBOX
        used = images((workshop, lab) for workshop in self._workshops for lab in workshop.labs)
        self.run_worker(lambda: self.room.bring_profiles(self._workshops), thread=True)
        self.push_screen(SandboxScreen(self._journal, self.room, self._split, used), left)

    @on(messages.LabChosen)
    def _chosen(self, event: messages.LabChosen) -> None:
        self._enter(event.workshop, event.lab)

    @on(messages.PlaceChosen)
    async def _place_chosen(self, event: messages.PlaceChosen) -> None:
        place = event.place
        shown = next((screen for screen in self.screen_stack if isinstance(screen, LabScreen)), None)
        if place.lab is None or place.step is None:
            from runner.tui.screens.glossary import GlossaryScreen

            first = "" if place.term is None else place.term.id
            self.push_screen(GlossaryScreen(event.workshop.glossary, first=first))
        elif shown is None:
            self._enter(event.workshop, place.lab, place.step)
        else:
            await shown.visit(event.workshop, place.lab, place.step)

    @on(messages.Demonstrated)
    def _demonstrated(self, event: messages.Demonstrated) -> None:
        self.stuck = event.stuck
        self.exit()

    def _enter(self, workshop: Workshop, lab: Lab, step: Step | None = None) -> None:
        def go_on(left: messages.LabLeft | None) -> None:
            if left is not None and left.following is not None:
                self._enter(left.workshop or workshop, left.following, left.step)
            elif len(self.screen_stack) == 1:
                # The learner came straight here.
                self._pick()
            else:
                self._settings.place = ""

        if self._class is not None and (closed := self._class.why_closed(workshop, lab)):
            self.notify(closed, timeout=10)
            go_on(None)
            return
        self._settings.place = f"{workshop.id}/{lab.id}"
        screen = LabScreen(workshop, lab, self._journal, self.room, self._split, step=step, tempo=self._demo)
        self.push_screen(screen, go_on)
        if self._class_view is not None:
            self.call_after_refresh(self._class_view.show_class)

    @cached_property
    def index(self) -> "Index":
        """All texts that can be searched, folded when something is first looked for."""
        from runner.lab.search import Index

        return Index(self._workshops)

    def action_help(self) -> None:
        """Show the keys and what they do."""
        from runner.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(type(self.screen)))

    def action_search(self) -> None:
        """Look for words in all lessons."""
        from runner.tui.screens.search import SearchScreen

        self.push_screen(SearchScreen(self.index))

    def action_toggle_dark(self) -> None:
        """Switch between a light and a dark look."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name
