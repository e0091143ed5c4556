"""A learner's session on the screen: its terminals and tools, beside something to read."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult

from runner.lab.model.workshop import Lab, Step, Workshop
from runner.shell.prompt_state import Prompt
from runner.tui import messages
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.internals.looks import FittedScreen
from runner.tui.internals.notifications import taken
from runner.tui.keys.spelling import Spelling, programs
from runner.tui.lab.actions import LabActions
from runner.tui.lab.controller import LabController
from runner.tui.lab.record import LabRecord
from runner.tui.screens.lab import tools
from runner.tui.screens.lab.layout import CSS
from runner.tui.screens.lab.rules import edit_rule
from runner.tui.screens.lab.session_panes import SessionPanes
from runner.tui.screens.lab.watcher import Watcher
from runner.tui.shared_engine import SharedEngine
from runner.tui.widgets.key_bar import KeyBar
from runner.tui.widgets.terminal.tabs import Ended, Terminals
from runner.tui.widgets.watch import WatchPane

if TYPE_CHECKING:
    from runner.record.notice import DemoFrame
    from runner.tui.announcement import Severity

TICK = 1.0
"""Seconds between two looks at the clock."""

HEARTBEAT = 60.0
"""Seconds between signs of life in the record."""


class SessionScreen(FittedScreen[None]):
    """Turns keys and clicks into actions in a session, which its panes show; a lesson adds its own."""

    BLANK = True
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (126, "-roomy"), (174, "-vast")]  # noqa: RUF012 (Textual declares it so)
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (14, "-short"), (32, "-tall")]  # noqa: RUF012 (as above)
    DEFAULT_CSS = CSS

    _panes: SessionPanes

    def __init__(
        self,
        record: LabRecord,
        panes: SessionPanes,
        shared_engine: SharedEngine,
        *,
        step: Step,
        left: Callable[[messages.LabLeft], object],
    ) -> None:
        """`left` removes it from the screen, given what comes next."""
        super().__init__()
        self._record = record
        self._panes = panes
        self._leave = left
        self._controller = LabController(
            record.workshop, record.lab, record=record, shared_engine=shared_engine, view=panes, step=step
        )
        panes.command = self._command
        self._actions = LabActions(self._controller, panes)
        self._watcher = Watcher(self._controller, panes)

    def _command(self, character: str, at: float) -> Callable[[], None] | None:
        begun = self._spelling.continued(character, at)
        return (lambda: self._offer_to_type(begun)) if begun else None

    def _offer_to_type(self, begun: str) -> None:
        tools.offer_to_type(self.app, self._panes, begun, go=self.action_terminal)

    def compose(self) -> ComposeResult:
        yield self._panes.title
        yield self._panes
        yield self._panes.status
        yield self._panes.overlay
        yield KeyBar(self.is_useful)

    def is_useful(self, action: str) -> bool:
        """True if an action has an effect now."""
        return action != "next_terminal" or self._panes.has_another_terminal

    def on_mount(self) -> None:
        self.call_after_refresh(self.begin)

    def begin(self) -> None:
        """Do the work that can wait until the reading side is there."""
        self._controller.begin()
        self.set_interval(TICK, self._tick)
        self.set_interval(HEARTBEAT, self._controller.alive)

    def on_unmount(self) -> None:
        self._controller.end()

    def _tick(self) -> None:
        self._panes.status.seconds = int(self._record.seconds)
        if self.is_current:
            self._panes.announcements.pass_time(TICK)

    # Messages of the session and the widgets.

    @on(messages.Told)
    async def _told(self, event: messages.Told) -> None:
        await self._panes.show_event(event.happening)
        self._spelling.happened(event.time)
        self._controller.heard(event.happening)
        self._watcher.heard(event.happening)

    @on(WatchPane.Asked)
    def _call_asked(self, event: WatchPane.Asked) -> None:
        self._watcher.asked(event.watching, event.row, event.verdict)

    @on(Terminals.Switched)
    def _switched(self, event: Terminals.Switched) -> None:
        self._watcher.follow()
        if self._controller.session is not None:
            self._panes.status.profile = self._controller.session.confinement(event.target)

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        self._controller.ended(event.target)

    @on(Terminals.EnterAsked)
    def _enter_asked(self) -> None:
        self.action_terminal()

    @on(KeyTaker.Left)
    def _terminal_left(self) -> None:
        """From a terminal that has the whole screen too, one key leads to the lesson."""
        self.remove_class("-full")
        self._panes.home.focus()

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(programs(self._controller.lab))

    def on_key(self, event: events.Key) -> None:
        """Keep the letters of a command from acting one by one, and offer to type it where it belongs."""
        character, focused = event.character, self.focused
        if character is None or not event.is_printable:
            self._spelling.interrupted()
            return
        if focused is not None and focused.check_consume_key(event.key, character):
            return
        if begun := self._spelling.typed(character, event.time, acts=event.key in self.active_bindings):
            event.stop()
            event.prevent_default()
            self._spelling.happened(event.time)
            self._offer_to_type(begun)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        self._spelling.happened(event.time)
        for left in taken(self.app):
            self.announce(left.message, title=left.title, severity=left.severity, timeout=left.time_left)

    def announce(self, text: str, *, title: str, severity: "Severity", timeout: float | None) -> None:
        """Show a message of the app in the place of this lab's own messages."""
        self._panes.say(text, title=title, severity=severity, timeout=timeout)

    @property
    def place(self) -> tuple[str, str, str]:
        """The ids of the workshop, the lab and the step."""
        return self._controller.workshop.id, self._controller.lab.id, self._controller.step.id

    def show_demo(self, frame: "DemoFrame | None") -> None:
        """Show the instructor's screen beside the learner's; None removes it."""
        self._panes.beside(lambda: self._panes.show_demo(frame), only="demo")

    async def visit(self, workshop: Workshop, lab: Lab, step: Step, words: Sequence[str] = ()) -> None:
        """Go to `words` in a step of this lab, or leave for one of another lab, to return from there."""
        here = self._controller
        if (workshop.id, lab.id) != (here.workshop.id, here.lab.id):
            self._left(messages.LabLeft(lab, step, workshop, back=here.step, words=words))
        elif step.id != here.step.id:
            await here.turns.take(lambda: here.go_to(step))

    def action_leave(self) -> None:
        """Go back to the list of labs, or to the lab where you searched."""
        self._left(messages.LabLeft(None))

    @on(messages.LabLeft)
    def _left(self, event: messages.LabLeft) -> None:
        if self._controller.leave():
            self._controller.end()
            self._leave(event)

    def action_reset_lab(self) -> None:
        """Begin the lab again."""
        tools.begin_lab_again(self.app, self._controller, self._actions)

    # Terminals and tools.

    def action_terminal(self) -> None:
        """Give the keys to the terminal, opening a new one if its shell has ended."""
        terminals, session = self._panes.terminals, self._controller.session
        target = terminals.active
        if session is not None and terminals.prompt(target) is Prompt.ENDED:
            terminals.focus_reopened()
            self._panes.beside(lambda: self._actions.consoles.reopen(session, target))
        else:
            self._controller.look_again()
            terminals.focus_active()

    def action_full(self) -> None:
        """Give the whole screen to the terminal, or take it back."""
        self.toggle_class("-full")
        # The keys stay the app's, so that the same one undoes it.
        if self.has_class("-full"):
            self.set_focus(None)
        else:
            self._panes.home.focus()

    def action_another_shell(self) -> None:
        """Open another shell of yours, as while a program has the first one, or go back to it."""
        tools.go_to_another_shell(self._controller, self._actions, self._panes)

    def action_next_terminal(self) -> None:
        """Show the next terminal."""
        self._panes.terminals.show_next()

    def action_edit(self) -> None:
        """Edit the profile of the container whose terminal is shown, or else the file of the step."""
        if edit_rule(self._controller, self._panes):
            return
        tools.edit_in_front(self.app, self._controller, self._panes.terminals.active)

    def action_watch(self) -> None:
        """Watch the container's calls beside its terminal, or do so no more; Enter on a call says more of it."""
        self._watcher.toggle()

    def action_why(self) -> None:
        """Say why the last command that failed in the terminal did so."""
        self._panes.beside(self._watcher.why, only="why")

    def action_split(self, steps: int) -> None:
        """Give the lesson more room, or less, or what it usually has."""
        self._panes.move_edge(steps)

    def action_copy(self) -> None:
        """Copy from the terminal that is shown, by keys."""
        self._panes.terminals.copy()

    def action_notes(self) -> None:
        """Read and write your notes on this lab."""
        from runner.tui.screens.notes import notes_on

        self.app.push_screen(notes_on(self._record))

    def action_explain(self) -> None:
        """Say what the profiles decide for a system call."""
        tools.explain(self.app, self._controller)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a terminal has the keys, nothing else does."""
        return not isinstance(self.focused, KeyTaker) and super().check_action(action, parameters)
