"""The workshop as a Textual app."""

import gc
import logging
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.app import ScreenStackError
from textual.binding import Binding, BindingType
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.notifications import SeverityLevel
from textual.widget import MountError
from textual.worker import WorkerCancelled, WorkerFailed

from runner.errors import WorkshopError, printable, told
from runner.lab.model.workshop import Lab, Step, Workshop
from runner.language import tr
from runner.learner.home import lab_folder
from runner.learner.progress.journal import Journal
from runner.tui import messages
from runner.tui.attending.app import AttendingApp
from runner.tui.internals.failures import FailureApp
from runner.tui.internals.looks import apply_theme
from runner.tui.internals.removal import at_work, is_being_removed
from runner.tui.screens.lab.screen import LabScreen
from runner.tui.screens.lab.session_screen import SessionScreen
from runner.tui.settings import SANDBOX, Settings
from runner.tui.shared_engine import OpenEngine, SharedEngine
from runner.tui.split import Split
from runner.tui.themes import DARK, LIGHT, THEMES

if TYPE_CHECKING:
    from runner.lab.search import Index
    from runner.tui.attending.side import OpenClass
    from runner.tui.screens.lab.demo import Tempo

_log = logging.getLogger(__name__)
_WIDGETS_GONE = (NoMatches, MountError, NoScreen, ScreenStackError, WorkerCancelled, WorkshopError, OSError)
"""The errors of work whose screen is being left, or whose session ends with it."""

_LISTED = 2
"""The screens below a lab that was chosen from the list: Textual's own, and the list."""


def _collect_garbage() -> None:
    """Enable garbage collection, but not of the existing objects: that takes as long as a frame."""
    gc.freeze()
    gc.enable()


class Stop(NamedTuple):
    """A learner's place before they looked something up in another lab."""

    workshop: Workshop
    lab: Lab
    step: Step

    @property
    def way(self) -> str:
        """The text that says where leaving leads."""
        number = self.lab.steps.index(self.step) + 1
        return tr("`q` leads back to {title}, step {number}.", title=self.lab.title, number=number)


class WorkshopApp(AttendingApp, FailureApp):
    """Lets a learner pick a lab and do it. `first` is the lab to begin with, if they named one;
    with `sandbox` they begin there. With `demo`, that lab plays itself, and the app ends with it."""

    TITLE = "workshop"
    # At the top, where no bar is; a lab has its own place for messages.
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
        super().__init__(journal, open_class)
        self._demo = demo
        self.stuck: WorkshopError | None = None
        """The error that stopped a demonstration."""
        self._workshops = workshops
        self._settings = Settings.below(state)
        self._split = Split(self._settings)
        self._first = first
        self._sandbox = sandbox
        self.shared_engine = SharedEngine(
            open_engine, lambda workshop, lab: lab_folder(state, workshop.id, lab.id)
        )
        for theme in THEMES:
            self.register_theme(theme)
        apply_theme(self, self.available_themes.get(self._settings.theme, DARK))

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,  # noqa: ARG002 (what is said names files and quotes the engine: never markup)
    ) -> None:
        shown = self.screen if self.screen_stack else None
        # A screen that is being opened takes over the messages as soon as it is shown.
        if isinstance(shown, SessionScreen) and shown.is_mounted:
            shown.announce(message, title=title, severity=severity, timeout=timeout)
        else:
            super().notify(printable(message), title=title, severity=severity, timeout=timeout, markup=False)

    def take_failure(self, error: Exception) -> bool:
        cause = error.error if isinstance(error, WorkerFailed) else error
        if self.return_code is not None or is_being_removed(at_work()):
            # Work that is unfinished when the app or its screen is left finds its widgets gone, which does no harm.
            level = logging.INFO if isinstance(cause, _WIDGETS_GONE) else logging.ERROR
            _log.log(level, "ended with what it was shown in", exc_info=cause)
            return True
        if isinstance(error, WorkerFailed) and isinstance(cause, WorkshopError | OSError):
            # Errors of the system are shown to the learner; work that they did not ask for goes on.
            problem = told(cause)
            _log.warning("a worker failed", exc_info=cause)
            self.notify(
                f"{problem}\n{problem.remedy}".strip(), title=tr("That did not work"), severity="error"
            )
            return True
        return False

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, lambda theme: setattr(self._settings, "theme", theme.name))
        # Not at once: while the app mounts, anything painted is thrown away.
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

    def _begin(self) -> None:
        if self._first is None and self._sandbox:
            self._open_sandbox()
        elif self._first is None:
            self._pick()
        else:
            self._enter(*self._first)
        self.screen.call_after_refresh(_collect_garbage)
        self.join_class()

    def _pick(self, *, instead: bool = False) -> None:
        """Show the list of labs, with `instead` in place of the current lab."""
        self._settings.place = ""
        if instead and len(self.screen_stack) > _LISTED:
            self.pop_screen()
            return
        from runner.tui.screens.picker import PickerScreen

        show = self.switch_screen if instead else self.push_screen
        show(PickerScreen(self._workshops, self._journal))

    @on(messages.SandboxAsked)
    def _open_sandbox(self) -> None:
        from runner.lab.model.images import images
        from runner.tui.screens.sandbox import SandboxScreen

        if any(isinstance(screen, SandboxScreen) for screen in self.screen_stack):
            return

        self._settings.place = SANDBOX
        used = images((workshop, lab) for workshop in self._workshops for lab in workshop.labs)
        self.run_worker(lambda: self.shared_engine.bring_profiles(self._workshops), thread=True)
        self.push_screen(
            SandboxScreen(
                self._journal,
                self.shared_engine,
                self._split,
                used,
                left=lambda _: self._pick(instead=True),
            )
        )
        self.show_class()

    @on(messages.LabChosen)
    def _chosen(self, event: messages.LabChosen) -> None:
        self._enter(event.workshop, event.lab)

    @on(messages.PlaceChosen)
    async def _place_chosen(self, event: messages.PlaceChosen) -> None:
        place = event.place
        shown = next((screen for screen in self.screen_stack if isinstance(screen, SessionScreen)), None)
        if place.lab is None or place.step is None:
            from runner.tui.screens.glossary import GlossaryScreen

            first = "" if place.term is None else place.term.id
            self.push_screen(GlossaryScreen(event.workshop.glossary, first=first))
        elif shown is None:
            self._enter(event.workshop, place.lab, place.step, words=event.words)
        elif (event.workshop.id, place.lab.id) != shown.place[:2] and (
            closed := self.why_closed(event.workshop, place.lab)
        ):
            # The learner stays: what they left would begin anew.
            self.notify(closed, timeout=10)
        else:
            await shown.visit(event.workshop, place.lab, place.step, event.words)

    @on(messages.Demonstrated)
    def _demonstrated(self, event: messages.Demonstrated) -> None:
        self.stuck = event.stuck
        self.exit()

    def _enter(
        self,
        workshop: Workshop,
        lab: Lab,
        step: Step | None = None,
        *,
        back: tuple[Stop, ...] = (),
        instead: bool = False,
        words: Sequence[str] = (),
    ) -> None:
        """Open a lab, with `instead` in place of the current one; `words` are brought into view in `step`.

        Leaving it leads to the last of `back`, else to the list.
        """

        def left(how: messages.LabLeft) -> None:
            if self._demo is not None:
                self.exit()
            elif how.following is not None:
                there = how.workshop or workshop
                # A lab that is entered again is no longer one to return to.
                here = [*back, Stop(workshop, lab, how.back)] if how.back is not None else []
                kept = tuple(
                    stop for stop in here if (stop.workshop.id, stop.lab.id) != (there.id, how.following.id)
                )
                self._enter(there, how.following, how.step, back=kept, instead=True, words=how.words)
            elif back:
                self._enter(*back[-1], back=back[:-1], instead=True)
            else:
                self._pick(instead=True)

        if closed := self.why_closed(workshop, lab):
            if instead:
                left(messages.LabLeft(None))
            elif len(self.screen_stack) == 1:
                # The learner came straight here.
                self._pick()
            # Not before: a lab that is being left takes its messages with it.
            self.notify(closed, timeout=10)
            return
        self._settings.place = f"{workshop.id}/{lab.id}"
        screen = LabScreen(
            workshop,
            lab,
            self._journal,
            self.shared_engine,
            self._split,
            left=left,
            step=step,
            tempo=self._demo,
            way_back=back[-1].way if back else "",
            words=words,
        )
        show = self.switch_screen if instead else self.push_screen
        show(screen)
        self.show_class()

    @cached_property
    def index(self) -> "Index":
        """All searchable texts, folded on first use."""
        from runner.lab.search import Index

        return Index(self._workshops)

    async def action_quit(self) -> None:
        """Leave the workshop; your progress is kept."""
        await super().action_quit()

    def action_help_quit(self) -> None:
        """Say how to leave the workshop."""
        self.notify(tr("Ctrl+Q leaves the workshop; your progress is kept."))

    def action_help(self) -> None:
        """Show the keys and what they do."""
        from runner.tui.screens.help import HelpScreen

        self.push_screen(HelpScreen(type(self.screen), self.class_pages()))

    def action_search(self) -> None:
        """Look for words in all lessons."""
        from runner.tui.screens.search import SearchScreen

        self.push_screen(SearchScreen(self.index))

    def action_toggle_dark(self) -> None:
        """Switch between a light and a dark look."""
        self.theme = LIGHT.name if self.current_theme.dark else DARK.name
