"""A lab: its keys, clicks and commands, and what each of them does."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.screen import Screen

from runner.lab.model.workshop import Lab, Step, Workshop
from runner.language import tr
from runner.learner.progress.journal import Journal
from runner.shell.prompt_state import Prompt
from runner.tui import messages
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.internals.looks import fit
from runner.tui.internals.notifications import taken
from runner.tui.keys.commands import LessonCommands, ScreenCommands
from runner.tui.keys.spelling import Spelling, programs
from runner.tui.lab.actions import LabActions
from runner.tui.lab.controller import LabController
from runner.tui.lab.record import LabRecord
from runner.tui.screens.lab import tools
from runner.tui.screens.lab.look import BINDINGS, CSS, useful
from runner.tui.screens.lab.panes import LabPanes
from runner.tui.screens.lab.watcher import Watcher
from runner.tui.shared_engine import SharedEngine
from runner.tui.split import Split
from runner.tui.widgets.key_bar import KeyBar
from runner.tui.widgets.lesson.checks import Checks
from runner.tui.widgets.terminal.tabs import Ended, Terminals
from runner.tui.widgets.watch import WatchPane

if TYPE_CHECKING:
    from textual.worker import Worker

    from runner.record.notice import DemoFrame
    from runner.tui.lab.view import Severity
    from runner.tui.screens.lab.demo import Tempo

TICK = 1.0
"""Seconds between two looks at the clock."""

HEARTBEAT = 60.0
"""Seconds between signs of life in the record."""


class LabScreen(Screen[None]):
    """Turns keys, clicks and the palette into actions in a lab, which its panes show."""

    BLANK = True
    AUTO_FOCUS = "#lesson"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (126, "-roomy"), (174, "-vast")]  # noqa: RUF012 (Textual declares it so)
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (14, "-short"), (32, "-tall")]  # noqa: RUF012 (as above)
    BINDINGS = BINDINGS
    COMMANDS: ClassVar = {ScreenCommands, LessonCommands}
    DEFAULT_CSS = CSS

    def __init__(
        self,
        workshop: Workshop,
        lab: Lab,
        journal: Journal,
        shared_engine: SharedEngine,
        split: Split,
        *,
        left: Callable[[messages.LabLeft], object],
        step: Step | None = None,
        tempo: "Tempo | None" = None,
        way_back: str = "",
    ) -> None:
        """`left` takes it from the screen, told what comes next; `step` is the first, if not that of last time.

        With a `tempo`, the lab plays itself. `way_back` says where leaving leads, if not to the list of labs.
        """
        super().__init__()
        self._record = LabRecord(journal, workshop, lab)
        self._first = step or self._record.step
        self._panes = self._make_panes(self._record)
        self._split = split
        self._leave = left
        self._tempo = tempo
        self._way_back = way_back
        self._controller = LabController(
            workshop,
            lab,
            record=self._record,
            shared_engine=shared_engine,
            view=self._panes,
            step=self._first,
        )
        self._panes.command = self._command
        self._actions = LabActions(self._controller, self._panes)
        self._watcher = Watcher(self._controller, self._panes)
        # To learn of its size by the first resize would have it styled and laid out twice.
        fit(self, self.app.size)

    def _command(self, character: str, at: float) -> Callable[[], None] | None:
        begun = self._spelling.continued(character, at)
        return (lambda: self._offer_to_type(begun)) if begun else None

    def _offer_to_type(self, begun: str) -> None:
        tools.offer_to_type(self.app, self._panes, begun, go=self.action_terminal)

    def _make_panes(self, record: LabRecord) -> LabPanes:
        return LabPanes(record.workshop, record.lab, self._first, record)

    def compose(self) -> ComposeResult:
        yield self._panes.title
        yield self._panes
        yield self._panes.status
        yield self._panes.overlay
        yield KeyBar(lambda action: useful(action, self._controller.step))

    def on_mount(self) -> None:
        self._panes.divide(self._split)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """What can wait until the lesson is there to be read."""
        self._controller.begin()
        if self._way_back:
            self._panes.say("", way_on=self._way_back, timeout=10)
        if self._tempo is not None:
            _: Worker[None] = self.run_worker(partial(self._demonstrate, self._tempo))
        self.set_interval(TICK, self._tick)
        self.set_interval(HEARTBEAT, self._controller.alive)

    async def _demonstrate(self, tempo: "Tempo") -> None:
        from runner.tui.screens.lab.demo import Demo, StuckError

        self._panes.pace = tempo.key
        stuck = None
        try:
            await Demo(self._controller, self._actions, self._panes, tempo).play()
        except StuckError as error:
            stuck = error
        self.post_message(messages.Demonstrated(stuck))

    def on_unmount(self) -> None:
        self._controller.end()

    def _tick(self) -> None:
        self._panes.status.seconds = int(self._record.seconds)
        if self.is_current:
            self._panes.announcements.pass_time(TICK)

    # What the session and the widgets tell.

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

    @on(messages.LaunchAsked)
    async def _launch_asked(self, event: messages.LaunchAsked) -> None:
        await self._controller.turns.take(lambda: self._actions.launch(event.block))

    @on(messages.TypeAsked)
    async def _type_asked(self, event: messages.TypeAsked) -> None:
        await self._controller.turns.take(lambda: self._actions.type(event.block.target, event.command))

    @on(messages.HintAsked)
    def _hint_asked(self) -> None:
        self._actions.hint()

    @on(messages.Answered)
    def _answered(self, event: messages.Answered) -> None:
        self._actions.answer(event.quiz, event.option)

    @on(messages.NextAsked)
    async def _next_asked(self) -> None:
        await self.action_next()

    @on(messages.EditAsked)
    def _edit_asked(self, event: messages.EditAsked) -> None:
        tools.edit(self.app, self._controller, event.block.name)

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
        """Show what the app has to say where this lab's own messages are."""
        self._panes.say(text, title=title, severity=severity, timeout=timeout)

    @property
    def place(self) -> tuple[str, str, str]:
        """The ids of the workshop, the lab and the step."""
        return self._controller.workshop.id, self._controller.lab.id, self._controller.step.id

    def show_demo(self, frame: "DemoFrame | None") -> None:
        """Show the instructor's screen beside the learner's; None takes it away."""
        self._panes.beside(lambda: self._panes.show_demo(frame), only="demo")

    # What the learner does.

    async def action_guide(self) -> None:
        """Do the next thing of the step, whatever it is."""
        if not self._controller.turns.busy:
            await self._controller.turns.take(self._actions.guide)

    async def action_launch(self) -> None:
        """Launch the next container of the step."""
        await self._controller.turns.take(self._actions.launch_next)

    async def action_run(self) -> None:
        """Type the next command of the lesson."""
        await self._controller.turns.take(self._actions.type_next)

    def action_check(self) -> None:
        """Look at every check now that has not passed: a pass stays."""
        self._panes.uncover()
        self._actions.check()

    @on(Checks.AdviceAsked)
    def _advice_asked(self) -> None:
        self.action_advice()

    def action_advice(self) -> None:
        """Show all that is said of the step's checks."""
        tools.advise(self.app, self._panes)

    def action_hint(self) -> None:
        """Show one more hint."""
        self._actions.hint()

    async def action_solve(self) -> None:
        """Solve the step in the terminal, for you to watch."""
        await self._controller.turns.take(self._actions.offer_to_solve)

    async def action_skip(self) -> None:
        """Have the step solved, and go on."""
        await self._controller.turns.take(self._actions.skip)

    async def action_next(self) -> None:
        """Go to the next step; after the last one, to the summary."""
        await self._controller.turns.take(lambda: self._actions.go(+1))

    async def action_previous(self) -> None:
        """Go to the step before."""
        await self._controller.turns.take(lambda: self._actions.go(-1))

    def action_leave(self) -> None:
        """Go back to the list of labs, or to the lab where you searched."""
        self._left(messages.LabLeft(None))

    def action_go_back(self) -> None:
        """Go back to the list of labs, or to the lab where you searched."""
        # What says where this key leads would be wrong from here on.
        self._panes.unsay()
        self.action_leave()

    @on(messages.LabLeft)
    def _left(self, event: messages.LabLeft) -> None:
        if self._controller.leave():
            self._leave(event)

    async def visit(self, workshop: Workshop, lab: Lab, step: Step) -> None:
        """Go to a step of this lab, or leave for one of another lab, to come back from there."""
        here = self._controller
        if (workshop.id, lab.id) != (here.workshop.id, here.lab.id):
            self._left(messages.LabLeft(lab, step, workshop, back=here.step))
        elif step.id != here.step.id:
            await here.turns.take(lambda: here.go_to(step))

    def action_define(self, term: str) -> None:
        """Say what the terms of this step mean, and all others."""
        if terms := self._record.workshop.glossary:
            tools.define(self.app, terms, here=self._panes.lesson.terms, first=term)
        else:
            self._panes.say(tr("This workshop has no glossary."))

    def action_reset_step(self) -> None:
        """Begin the step again."""
        tools.begin_step_again(self.app, self._controller, self._actions)

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
            self._panes.beside(lambda: self._actions.reopen(session, target))
        else:
            self._controller.look_again()
            terminals.focus_active()

    def action_full(self) -> None:
        """Give the whole screen to the terminal, or take it back."""
        self.toggle_class("-full")
        # The keys stay the app's, so that the same one takes it back.
        if self.has_class("-full"):
            self.set_focus(None)
        else:
            self._panes.home.focus()

    def action_another_shell(self) -> None:
        """Open another shell of yours, as while a program has the first one, or go back to it."""
        go = tools.go_to_another_shell
        self._panes.beside(lambda: go(self._controller, self._actions, self._panes), only="another")

    def action_next_terminal(self) -> None:
        """Show the next terminal."""
        self._panes.terminals.show_next()

    def action_read(self, where: str) -> None:
        """Scroll the lesson, whatever has the keys."""
        self._panes.lesson.read(where)

    def action_edit(self) -> None:
        """Edit the profile of the container whose terminal is shown, or else the file of the step."""
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
        """While a terminal has the keys, nothing else does; the key that leaves says whether it leads to the list."""
        if action in {"leave", "go_back"} and (action == "go_back") == (
            not self._way_back and self._tempo is None
        ):
            return False
        return not isinstance(self.focused, KeyTaker) and super().check_action(action, parameters)
