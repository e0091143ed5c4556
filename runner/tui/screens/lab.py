"""A lab: the lesson, live terminals, and the checks."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import on, work

from runner.check.outcome import Broken, Errored, Failed, Passed
from runner.errors import EngineError, WorkshopError
from runner.lab.model import ContainerBlock, FileBlock, Lab, QuizBlock, Workshop
from runner.lab.transcript import Command
from runner.session.events import Kind
from runner.session.guide import Advance, Answer, Launch, Solve, Type, lesson_actions, next_action
from runner.session.journal import Journal
from runner.session.tap import Prompt
from runner.tui import messages
from runner.tui.commands import ScreenCommands
from runner.tui.engine_room import EngineRoom
from runner.tui.screens.lab_base import LabBase
from runner.tui.screens.lab_look import BINDINGS, CSS
from runner.tui.screens.question import Question
from runner.tui.typist import CannotTypeError, type_command
from runner.tui.widgets.lesson import Lesson
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal import Terminal
from runner.tui.widgets.terminals import Terminals

if TYPE_CHECKING:
    from runner.session.learner import LearnerSession

PATIENCE = 6.0
"""Seconds within which a key pressed again means: do it all the same."""
PROMPT_PATIENCE = 1.0
"""Seconds that a shell may take to come back to its prompt before it counts as busy."""


class LabScreen(LabBase):
    """What a learner can do in a lab, by key, by click or from the palette."""

    BINDINGS = BINDINGS
    COMMANDS: ClassVar = {ScreenCommands}
    DEFAULT_CSS = CSS

    def __init__(self, workshop: Workshop, lab: Lab, journal: Journal, room: EngineRoom) -> None:
        super().__init__(workshop, lab, journal, room)
        self._acting = asyncio.Lock()
        self._warned: tuple[str, float] = ("", 0.0)

    # What the learner does.

    def _again(self, what: str) -> bool:
        """Whether the learner insists: has asked for the same a moment ago."""
        asked, when = self._warned
        insists = asked == what and time.monotonic() - when < PATIENCE
        self._warned = ("", 0.0) if insists else (what, time.monotonic())
        return insists

    @work
    async def _act(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do what the learner asked for, once what they asked for before is done."""
        async with self._acting:
            await act()

    def action_guide(self) -> None:
        """Do the next thing of the step, whatever it is."""
        status = self.query_one(StatusLine)
        if not self._acting.locked() and not status.busy and not status.running:
            self._act(self._guide)

    async def _guide(self) -> None:
        state = self._record.of(self._step)
        following = next_action(
            self._step,
            launched=self._launched,
            typed=self._typed,
            passed=state.passed,
            answered=state.answers,
        )
        match following:
            case Launch(block):
                await self._launch(block)
            case Type(target, command):
                await self._type(target, command)
            case Solve():
                await self._offer_to_solve("space", "Now it is your turn. ")
            case Answer(quiz):
                right = next(number for number, option in enumerate(quiz.options) if option.correct)
                self.query_one(Lesson).show_answer(quiz, right)
                self._answer(quiz, right)
            case Advance():
                await self._go(+1)

    def action_launch(self) -> None:
        """Launch the next container of the step."""
        self._act(self._launch_next)

    async def _launch_next(self) -> None:
        blocks = [block for block in self._step.blocks if isinstance(block, ContainerBlock)]
        block = next((block for block in blocks if block.name not in self._launched), None)
        if block is None:
            self.notify("Everything in this step is launched." if blocks else "This step launches nothing.")
        else:
            await self._launch(block)

    @on(messages.LaunchAsked)
    def _launch_asked(self, event: messages.LaunchAsked) -> None:
        self._act(lambda: self._launch(event.block))

    async def _launch(self, block: ContainerBlock) -> None:
        session = self._ready()
        if session is None:
            return
        outcome = await self._ask(f"launching {block.name}", lambda: session.launch(block))
        if outcome is None:
            return
        self._launched.add(block.name)
        match outcome:
            case Passed(observed) if not block.starts:
                self.notify(observed, title="As the lesson says", timeout=10, markup=False)
            case Failed(expected=expected, actual=actual):
                self._failed(EngineError(f"expected: {expected}\nbut: {actual}"))
            case Broken(reason, _) | Errored(reason, _):
                self._failed(EngineError(reason))

    def action_run(self) -> None:
        """Type the next command of the lesson."""
        self._act(self._run_next)

    async def _run_next(self) -> None:
        actions = lesson_actions(self._step, launched=self._launched, typed=self._typed)
        following = next((action for action in actions if isinstance(action, Type)), None)
        if following is None:
            self.notify("Every command of this step has been run.")
        else:
            await self._type(following.target, following.command)

    @on(messages.TypeAsked)
    def _type_asked(self, event: messages.TypeAsked) -> None:
        self._act(lambda: self._type(event.block.target, event.command))

    async def _type(self, target: str, command: Command) -> None:
        session = self._ready()
        if session is None or not await self._opened(session, target):
            return
        warned, when = self._warned
        insist = warned == command.text and time.monotonic() - when < PATIENCE
        try:
            type_command(self.query_one(Terminals), target, command, insist=insist)
        except CannotTypeError as refusal:
            self._warned = (command.text, time.monotonic())
            more = " The same again types it all the same." if refusal.insisting else ""
            self.notify(f"{refusal}{more}", severity="warning", markup=False)
            return
        self._typed.add(command)
        self._show_busy(target)
        self.query_one(Lesson).show_typed(command)

    async def _opened(self, session: "LearnerSession", target: str) -> bool:
        """Whether the console `target` is there to be typed into, launching its container if need be."""
        prompt = self.query_one(Terminals).prompt(target)
        if prompt is not Prompt.ENDED:
            if prompt is Prompt.BUSY:
                await self._ask(
                    f"waiting for {target}", lambda: session.wait_for_prompt(target, PROMPT_PATIENCE)
                )
            return True
        blocks = (block for block in self._step.blocks if isinstance(block, ContainerBlock))
        block = next((block for block in blocks if block.name == target), None)
        if block is not None and target not in self._launched:
            await self._launch(block)
        else:
            await self._ask(f"opening {target}", lambda: session.show(target))
        ready = await self._ask(f"waiting for {target}", lambda: session.wait_for_prompt(target))
        # What the session told meanwhile, such as that the console is open, comes before this.
        told = asyncio.Event()
        self.call_later(told.set)
        await told.wait()
        return bool(ready)

    def action_check(self) -> None:
        """Look at every check now."""
        if not self._step.checks:
            self.notify("This step has nothing to check.")
        elif (session := self._ready()) is not None:
            session.check()

    def action_hint(self) -> None:
        """Show one more hint."""
        if self._record.of(self._step).hints >= len(self._step.hints):
            none_left = (
                "There are no more hints: s solves the step."
                if self._step.hints
                else "This step has no hints."
            )
            self.notify(none_left)
            return
        self._note(Kind.HINT, self._step.id)
        self.query_one(Lesson).reveal(self._record.of(self._step).hints)

    @on(messages.HintAsked)
    def _hint_asked(self) -> None:
        self.action_hint()

    def action_solve(self) -> None:
        """Solve the step in the terminal, for the learner to watch."""
        self._act(lambda: self._offer_to_solve("s", ""))

    async def _offer_to_solve(self, key: str, why: str) -> None:
        if self._again("solve"):
            await self._solve(Kind.SOLVED)
        else:
            self.notify(f"{why}Press {key} again to have the step solved before your eyes.", timeout=PATIENCE)

    async def _solve(self, kind: Kind) -> None:
        session = self._ready()
        if session is None:
            return
        self._note(kind, self._step.id)
        outcome = await self._ask("solving", session.solve)
        if isinstance(outcome, Failed):
            self._failed(WorkshopError(f"expected: {outcome.expected}\nseen: {outcome.actual}"))

    def action_skip(self) -> None:
        """Have the step solved, and go on."""
        self._act(self._skip)

    async def _skip(self) -> None:
        await self._solve(Kind.SKIPPED)
        await self._go(+1)

    @on(messages.Answered)
    def _answered(self, event: messages.Answered) -> None:
        self._answer(event.quiz, event.option)

    def _answer(self, quiz: QuizBlock, option: int) -> None:
        correct = quiz.options[option].correct
        self._note(Kind.ANSWERED, self._step.id, quiz=quiz.id, option=option, correct=correct)

    # From step to step.

    def action_next(self) -> None:
        """Go to the next step; after the last one, to the summary."""
        self._act(lambda: self._go(+1))

    @on(messages.NextAsked)
    def _next_asked(self) -> None:
        self.action_next()

    def action_previous(self) -> None:
        """Go to the step before."""
        self._act(lambda: self._go(-1))

    async def _go(self, by: int) -> None:
        place = self._lab.steps.index(self._step) + by
        if place < 0:
            self.notify("This is the first step.")
        elif place >= len(self._lab.steps):
            await self._finish()
        else:
            await self._go_to(place)

    async def _go_to(self, place: int) -> None:
        self._step = self._lab.steps[place]
        fresh = not self._record.entered(self._step)
        await self._show_step()
        if self._session is not None:
            await self._enter(self._session, fresh=fresh)

    async def _finish(self) -> None:
        if self._record.complete and not self._record.state.finished:
            self._note(Kind.FINISHED)
        labs = self._workshop.labs
        following = next(iter(labs[labs.index(self._lab) + 1 :]), None)
        from runner.tui.screens.summary import SummaryScreen  # noqa: PLC0415 (the first paint does not need it)

        wish = await self.app.push_screen_wait(
            SummaryScreen(self._workshop, self._lab, self._record, following=following)
        )
        if wish != "back":
            await self._leave(following if wish == "next" else None)

    @work
    async def action_leave(self) -> None:
        """Go back to the list of labs."""
        await self._leave(None)

    async def _leave(self, following: Lab | None) -> None:
        session, self._session = self._session, None
        if session is not None:
            await self._ask("cleaning up", lambda: self._room.leave(session))
        self.dismiss(following)

    def action_reset_step(self) -> None:
        """Begin the step again."""
        self._act(self._reset_step)

    async def _reset_step(self) -> None:
        session = self._ready()
        if session is None or not await self.app.push_screen_wait(
            Question(
                "Begin this step again?",
                "Its files go back to how the lesson has them, its containers and your shell start afresh, "
                "and its checks are open again.",
                yes="Begin again",
                no="Keep it",
            )
        ):
            return
        self._note(Kind.STEP_RESET, self._step.id)
        known = self._record.solutions_known
        await self._ask("resetting the step", lambda: session.reset_step(done=known))
        await self._show_step()

    def action_reset_lab(self) -> None:
        """Begin the lab again."""
        self._act(self._reset_lab)

    async def _reset_lab(self) -> None:
        session = self._ready()
        if session is None or not await self.app.push_screen_wait(
            Question(
                "Begin this lab again?",
                "All its steps are open again, its containers go, and the workspace is as it was at the "
                "beginning. Your files are moved aside, not deleted.",
                yes="Begin again",
                no="Keep it",
            )
        ):
            return
        kept = await self._ask("resetting the lab", session.reset_lab)
        if kept is not None:
            self._note(Kind.LAB_RESET)
            self.notify(f"Your files of before are in {kept}", timeout=10, markup=False)
            await self._go_to(0)

    # Terminals and tools.

    def action_terminal(self) -> None:
        """Give the keys to the terminal, opening a new one if its shell has ended."""
        terminals, session = self.query_one(Terminals), self._session
        terminals.focus_active()
        target = terminals.active
        if session is not None and terminals.prompt(target) is Prompt.ENDED:
            terminals.focus_next_opened()
            self.run_worker(self._ask(f"opening {target}", lambda: session.show(target)))

    def action_full(self) -> None:
        """Give the whole screen to the terminal, or take it back."""
        self.toggle_class("-full")
        if self.has_class("-full"):
            self.action_terminal()
        else:
            self.query_one(Lesson).focus()

    @work
    async def action_edit(self) -> None:
        """Edit a profile of the workspace."""
        blocks = [block for block in self._step.blocks if isinstance(block, FileBlock)]
        edited = sorted(blocks, key=lambda block: not block.edit)
        await self._edit(edited[0].name if edited else "")

    @on(messages.EditAsked)
    def _edit_asked(self, event: messages.EditAsked) -> None:
        self.run_worker(self._edit(event.block.name))

    async def _edit(self, name: str) -> None:
        session = self._ready()
        if session is None:
            return
        from runner.tui.screens.editor import EditorScreen  # noqa: PLC0415 (the first paint does not need it)

        if await self.app.push_screen_wait(EditorScreen(session.workspace, name, session.engine)):
            session.changed()

    def action_explain(self) -> None:
        """Say what the profiles decide for a system call."""
        session = self._ready()
        if session is None:
            return
        from runner.tui.screens.explain import ExplainScreen  # noqa: PLC0415 (as above)

        self.app.push_screen(ExplainScreen(session.workspace.root, session.engine))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a terminal has the keys, nothing else does."""
        if isinstance(self.focused, Terminal):
            return action == "leave_terminal"
        return super().check_action(action, parameters)
