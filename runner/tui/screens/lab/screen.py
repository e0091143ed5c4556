"""A lab: the keys, clicks and commands of its lesson, and their actions."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on

from runner.lab.model.workshop import Lab, Step, Workshop
from runner.language import tr
from runner.learner.progress.journal import Journal
from runner.tui import messages
from runner.tui.keys.commands import LessonCommands, ScreenCommands
from runner.tui.lab.record import LabRecord
from runner.tui.screens.lab import tools
from runner.tui.screens.lab.keys import BINDINGS, useful
from runner.tui.screens.lab.panes import LabPanes
from runner.tui.screens.lab.session_screen import SessionScreen
from runner.tui.shared_engine import SharedEngine
from runner.tui.split import Split
from runner.tui.widgets.lesson.checks import Checks
from runner.tui.widgets.lesson.lesson import Lesson

if TYPE_CHECKING:
    from textual.worker import Worker

    from runner.tui.screens.lab.demo import Tempo

_READING = frozenset({"up", "down", "j", "k", "pageup", "pagedown", "home", "end"})
"""The keys that scroll the lesson."""


class LabScreen(SessionScreen):
    """A session with a lesson, whose steps are done one by one."""

    AUTO_FOCUS = "#lesson"
    BINDINGS = BINDINGS
    COMMANDS: ClassVar = {ScreenCommands, LessonCommands}

    _panes: LabPanes

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
        words: Sequence[str] = (),
    ) -> None:
        """`left` removes it from the screen, given what comes next; `step` is the first, if not the learner's last one.

        With a `tempo`, the lab plays itself. `way_back` says where leaving leads, if not to the list of labs. `words`
        are to be in view at first.
        """
        record = LabRecord(journal, workshop, lab)
        first = step or record.step
        self._tempo = tempo
        self._way_back = way_back
        self._words = words
        super().__init__(record, LabPanes(record, first, split), shared_engine, step=first, left=left)

    def on_key(self, event: events.Key) -> None:
        """Found words stay marked until the learner does something else than to read around them."""
        if event.key not in _READING:
            self._unmark()

    @on(events.DescendantFocus)
    def _focus_moved(self, event: events.DescendantFocus) -> None:
        """So they do until the learner turns to something else, whose keys this screen may not see."""
        if not any(isinstance(widget, Lesson) for widget in event.widget.ancestors_with_self):
            self._unmark()

    def _unmark(self) -> None:
        for lesson in self.query(Lesson):
            lesson.unmark()

    def is_useful(self, action: str) -> bool:
        return super().is_useful(action) and useful(action, self._controller.step)

    def begin(self) -> None:
        super().begin()
        if self._words:
            self._panes.lesson.seek(self._controller.step, self._words)
        if self._way_back:
            self._panes.say("", way_on=self._way_back, timeout=10)
        if self._tempo is not None:
            _: Worker[None] = self.run_worker(partial(self._demonstrate, self._tempo))

    async def visit(self, workshop: Workshop, lab: Lab, step: Step, words: Sequence[str] = ()) -> None:
        if (workshop.id, lab.id) == self.place[:2]:
            self._panes.uncover()
            self._panes.lesson.seek(step, words)
        await super().visit(workshop, lab, step, words)

    async def _demonstrate(self, tempo: "Tempo") -> None:
        from runner.tui.screens.lab.demo import Demo, StuckError

        self._panes.pace = tempo.key
        stuck = None
        try:
            await Demo(self._controller, self._actions, self._panes, tempo).play()
        except StuckError as error:
            stuck = error
        self.post_message(messages.Demonstrated(stuck))

    # Requests of the lesson's widgets.

    @on(messages.LaunchAsked)
    async def _launch_asked(self, event: messages.LaunchAsked) -> None:
        await self._controller.turns.take(lambda: self._actions.consoles.launch(event.block))

    @on(messages.TypeAsked)
    async def _type_asked(self, event: messages.TypeAsked) -> None:
        await self._controller.turns.take(
            lambda: self._actions.consoles.type(event.block.target, event.command)
        )

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

    @on(Checks.AdviceAsked)
    def _advice_asked(self) -> None:
        self.action_advice()

    # The learner's actions.

    async def action_guide(self) -> None:
        """Do the next thing of the step, whatever it is."""
        if not self._controller.turns.busy:
            await self._controller.turns.take(self._actions.guide)

    async def action_launch(self) -> None:
        """Launch the next container of the step."""
        await self._controller.turns.take(self._actions.consoles.launch_next)

    async def action_run(self) -> None:
        """Type the next command of the lesson."""
        await self._controller.turns.take(self._actions.consoles.type_next)

    def action_check(self) -> None:
        """Look at every check now that has not passed: a pass stays."""
        self._panes.uncover()
        self._actions.check()

    def action_advice(self) -> None:
        """Show all that is said of the step's checks."""
        tools.advise(self.app, self._panes)

    def action_hint(self) -> None:
        """Show one more hint."""
        self._actions.hint()

    async def action_solve(self) -> None:
        """Solve the step in the terminal, for you to watch."""
        await self._controller.turns.take(self._actions.solution.offer)

    async def action_skip(self) -> None:
        """Have the step solved, and go on."""
        await self._controller.turns.take(self._actions.skip)

    async def action_next(self) -> None:
        """Go to the next step; after the last one, to the summary."""
        await self._controller.turns.take(lambda: self._actions.go(+1))

    async def action_previous(self) -> None:
        """Go to the step before."""
        await self._controller.turns.take(lambda: self._actions.go(-1))

    def action_go_back(self) -> None:
        """Go back to the list of labs, or to the lab where you searched."""
        # The text that says where this key leads would be wrong from here on.
        self._panes.unsay()
        self.action_leave()

    def action_define(self, term: str) -> None:
        """Say what the terms of this step mean, and all others."""
        if terms := self._record.workshop.glossary:
            tools.define(self.app, terms, here=self._panes.lesson.terms, first=term)
        else:
            self._panes.say(tr("This workshop has no glossary."))

    def action_reset_step(self) -> None:
        """Begin the step again."""
        tools.begin_step_again(self.app, self._controller, self._actions)

    def action_read(self, where: str) -> None:
        """Scroll the lesson, whatever has the keys."""
        self._panes.lesson.read(where)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Extends the session screen's checks: the key that leaves says whether it leads to the list."""
        to_the_list = not self._way_back and self._tempo is None
        if action in {"leave", "go_back"} and (action == "go_back") == to_the_list:
            return False
        return super().check_action(action, parameters)
