"""A lab: the lesson, live terminals, and the checks."""

import time
from typing import TYPE_CHECKING, ClassVar

from textual import on

from runner.check.outcome import Broken, Errored, Failed, Passed
from runner.errors import EngineError, WorkshopError
from runner.lab.model.transcript import Command
from runner.lab.model.workshop import ContainerBlock, FileBlock, Lab, QuizBlock, Workshop, console_name
from runner.learner.events import Kind
from runner.learner.journal import Journal
from runner.learner.prompt import Prompt
from runner.tui import messages
from runner.tui.commands import ScreenCommands
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.screens.lab_look import BINDINGS, CSS
from runner.tui.screens.lab_travel import LabTravel
from runner.tui.shared_engine import SharedEngine
from runner.tui.typist import CannotTypeError, type_command
from runner.tui.widgets.lesson.lesson import Lesson
from runner.tui.widgets.terminal.tabs import Terminals

if TYPE_CHECKING:
    from runner.learner.session import LearnerSession

PATIENCE = 6.0
"""Seconds within which a key pressed again means: do it all the same."""
PROMPT_PATIENCE = 1.0
"""Seconds that a shell may take to come back to its prompt before it counts as busy."""


class LabScreen(LabTravel):
    """What a learner can do in a lab, by key, by click or from the palette."""

    BINDINGS = BINDINGS
    COMMANDS: ClassVar = {ScreenCommands}
    DEFAULT_CSS = CSS

    def __init__(self, workshop: Workshop, lab: Lab, journal: Journal, room: SharedEngine) -> None:
        super().__init__(workshop, lab, journal, room)
        self._warned: tuple[str, float] = ("", 0.0)

    # What the learner does.

    def _again(self, what: str) -> bool:
        """Whether the learner insists: has asked for the same a moment ago."""
        asked, when = self._warned
        insists = asked == what and time.monotonic() - when < PATIENCE
        self._warned = ("", 0.0) if insists else (what, time.monotonic())
        if insists:
            # What asked for the second press has been answered.
            self.app.clear_notifications()
        return insists

    async def action_guide(self) -> None:
        """Do the next thing of the step, whatever it is."""
        if not self._acting.locked() and not self._status.busy and not self._status.running:
            await self._act(self._guide)

    async def _guide(self) -> None:
        from runner.learner.guide import Advance, Answer, Launch, Solve, Type, next_action

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

    async def action_launch(self) -> None:
        """Launch the next container of the step."""
        await self._act(self._launch_next)

    async def _launch_next(self) -> None:
        blocks = [block for block in self._step.blocks if isinstance(block, ContainerBlock)]
        block = next((block for block in blocks if block.name not in self._launched), None)
        if block is None:
            self.notify("Everything in this step is launched." if blocks else "This step launches nothing.")
        else:
            await self._launch(block)

    @on(messages.LaunchAsked)
    async def _launch_asked(self, event: messages.LaunchAsked) -> None:
        await self._act(lambda: self._launch(event.block))

    async def _launch(self, block: ContainerBlock) -> None:
        session = self._ready()
        if session is None:
            return
        self.query_one(Lesson).show_launch(block.name)
        outcome = await self._ask(f"launching {block.name}", lambda: session.launch(block))
        if isinstance(outcome, Passed | Failed):
            # One that did not go as the lesson says would not the next time either.
            self._launched.add(block.name)
        match outcome:
            case Passed(observed) if not block.starts:
                self.notify(observed, title="As the lesson says", timeout=10, markup=False)
            case Failed(expected=expected, actual=actual):
                self._failed(EngineError(f"expected: {expected}\nbut: {actual}"))
            case Broken(reason, _) | Errored(reason, _):
                self._failed(EngineError(reason))

    async def action_run(self) -> None:
        """Type the next command of the lesson."""
        await self._act(self._run_next)

    async def _run_next(self) -> None:
        from runner.learner.guide import Type, lesson_actions

        actions = lesson_actions(self._step, launched=self._launched, typed=self._typed)
        following = next((action for action in actions if isinstance(action, Type)), None)
        if following is None:
            self.notify("Every command of this step has been run.")
        else:
            await self._type(following.target, following.command)

    @on(messages.TypeAsked)
    async def _type_asked(self, event: messages.TypeAsked) -> None:
        await self._act(lambda: self._type(event.block.target, event.command))

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
        if insist:
            self.app.clear_notifications()
        self._typed.add(command)
        self._show_busy(target)
        self.query_one(Lesson).show_typed(command)

    async def _opened(self, session: "LearnerSession", target: str) -> bool:
        """Whether the console `target` is there to be typed into, launching its container if need be."""
        prompt = self.query_one(Terminals).prompt(target)
        if prompt is not Prompt.ENDED:
            if prompt is Prompt.BUSY:
                await self._ask(
                    f"waiting for {console_name(target)}",
                    lambda: session.wait_for_prompt(target, PROMPT_PATIENCE),
                )
            return True
        blocks = (block for block in self._step.blocks if isinstance(block, ContainerBlock))
        block = next((block for block in blocks if block.name == target), None)
        if block is not None and target not in self._launched:
            await self._launch(block)
        else:
            await self._ask(f"opening {console_name(target)}", lambda: session.show(target))
        ready = await self._ask(
            f"waiting for {console_name(target)}", lambda: session.wait_for_prompt(target)
        )
        await self._heard()
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

    async def action_solve(self) -> None:
        """Solve the step in the terminal, for the learner to watch."""
        await self._act(lambda: self._offer_to_solve("s", ""))

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

    async def action_skip(self) -> None:
        """Have the step solved, and go on."""
        await self._act(self._skip)

    async def _skip(self) -> None:
        await self._solve(Kind.SKIPPED)
        await self._go(+1)

    @on(messages.Answered)
    def _answered(self, event: messages.Answered) -> None:
        self._answer(event.quiz, event.option)

    def _answer(self, quiz: QuizBlock, option: int) -> None:
        correct = quiz.options[option].correct
        self._note(Kind.ANSWERED, self._step.id, quiz=quiz.id, option=option, correct=correct)

    # Terminals and tools.

    def action_terminal(self) -> None:
        """Give the keys to the terminal, opening a new one if its shell has ended."""
        terminals, session = self.query_one(Terminals), self._session
        target = terminals.active
        if session is None and not self._opening:
            self._ready()
            terminals.focus_active()
        elif session is not None and terminals.prompt(target) is Prompt.ENDED:
            terminals.focus_reopened()
            self.run_worker(self._reopen(session, target))
        else:
            terminals.focus_active()

    @on(Terminals.EnterAsked)
    def _enter_asked(self) -> None:
        self.action_terminal()

    async def _reopen(self, session: "LearnerSession", target: str) -> None:
        def show() -> bool:
            session.show(target)
            return True

        if not await self._ask(f"opening {console_name(target)}", show):
            self.query_one(Terminals).not_reopened(target)

    def action_full(self) -> None:
        """Give the whole screen to the terminal, or take it back."""
        self.toggle_class("-full")
        if self.has_class("-full"):
            self.action_terminal()
        else:
            self.query_one(Lesson).focus()

    def action_edit(self) -> None:
        """Edit a profile of the workspace."""
        blocks = [block for block in self._step.blocks if isinstance(block, FileBlock)]
        edited = sorted(blocks, key=lambda block: not block.edit)
        self._edit(edited[0].name if edited else "")

    @on(messages.EditAsked)
    def _edit_asked(self, event: messages.EditAsked) -> None:
        self._edit(event.block.name)

    def _edit(self, name: str) -> None:
        session = self._ready()
        if session is None:
            return
        from runner.tui.screens.editor import EditorScreen

        def closed(saved: bool | None) -> None:
            if saved:
                session.changed()

        self.app.push_screen(EditorScreen(session.workspace, name, session.engine), closed)

    def action_explain(self) -> None:
        """Say what the profiles decide for a system call."""
        session = self._ready()
        if session is None:
            return
        from runner.tui.screens.explain import ExplainScreen

        self.app.push_screen(ExplainScreen(session.workspace.root, session.engine))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a terminal has the keys, nothing else does."""
        if isinstance(self.focused, KeyTaker):
            return action == "leave_terminal"
        return super().check_action(action, parameters)
