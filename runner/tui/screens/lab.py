"""A lab: the lesson, live terminals, and the checks."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.screen import Screen
from textual.widgets import Static

from runner.check.outcome import Broken, Errored, Failed, Outcome, Passed
from runner.errors import EngineError, WorkshopError
from runner.lab.model import HOST, ContainerBlock, Lab, QuizBlock, Workshop
from runner.lab.transcript import Command
from runner.session.events import Kind
from runner.session.guide import Advance, Answer, Launch, Solve, Type, lesson_actions, next_action
from runner.session.happenings import CheckJudged, CommandSeen, ConsoleDropped, ConsoleOpened, Happening
from runner.session.journal import Journal
from runner.session.state import LabState, StepState
from runner.session.tap import Prompt
from runner.tui import messages
from runner.tui.engine_room import EngineRoom
from runner.tui.screens.question import Question
from runner.tui.widgets.checks import Checks
from runner.tui.widgets.command_row import RowState
from runner.tui.widgets.key_bar import KeyBar
from runner.tui.widgets.launch_card import LaunchCard
from runner.tui.widgets.lesson import Lesson
from runner.tui.widgets.quiz import Quiz
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal import Terminal
from runner.tui.widgets.terminals import Ended, Terminals

if TYPE_CHECKING:
    from runner.session.learner import LearnerSession

PATIENCE = 5.0
"""Seconds within which a key pressed again means: do it all the same."""
HEARTBEAT = 60.0
_KILL_LINE = b"\x15"

_Result = TypeVar("_Result")


class LabScreen(Screen[None]):
    """One learner in one lab. Records what they do in the journal, and shows what the session tells."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 (Textual declares it so)
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (12, "-short")]  # noqa: RUF012 (as above)
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "guide", "Do the next thing", key_display="space"),
        Binding("l", "launch", "Launch"),
        Binding("r", "run", "Run command"),
        Binding("c", "check", "Check"),
        Binding("h", "hint", "Hint"),
        Binding("s", "solve", "Solve"),
        Binding("n", "next", "Next"),
        Binding("p", "previous", "Back"),
        Binding("t", "terminal", "Terminal"),
        Binding("f", "full", "Full screen"),
        Binding("x", "reset_step", "Reset"),
        Binding("X", "reset_lab", "Reset lab", show=False),
        Binding("S", "skip", "Skip", show=False),
        Binding("question_mark", "app.help", "Help", key_display="?"),
        Binding("q,escape", "leave", "Labs", key_display="q"),
    ]
    DEFAULT_CSS = """
    LabScreen {
        layout: vertical;
        #title { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis; }
        #body { height: 1fr; layout: horizontal; }
        #reading { width: 1fr; min-width: 40; max-width: 92; height: 1fr; }
        #lesson { height: 1fr; }
        #terminals { width: 1.1fr; height: 1fr; border-left: solid $border-blurred; }
        #terminals:focus-within { border-left: solid $primary; }
        &.-narrow #body { layout: vertical; }
        &.-narrow #reading { width: 100%; max-width: 100%; height: 1fr; }
        &.-narrow #terminals { width: 100%; border-left: none; border-top: solid $border-blurred; }
        &.-narrow #terminals:focus-within { border-top: solid $primary; }
        &.-full #reading { display: none; }
        &.-full #terminals { border: none; }
        &.-tiny #title, &.-tiny KeyBar, &.-tiny Checks { display: none; }
        &.-tiny.-narrow #terminals { border-top: none; }
    }
    """

    def __init__(self, workshop: Workshop, lab: Lab, journal: Journal, room: EngineRoom) -> None:
        super().__init__()
        self._workshop = workshop
        self._lab = lab
        self._journal = journal
        self._room = room
        self._session: LearnerSession | None = None
        self._turn = asyncio.Lock()
        self._launched: set[str] = set()
        self._typed: set[Command] = set()
        self._waiting: Command | None = None
        self._warned: tuple[str, float] = ("", 0.0)
        self._step = next((step for step in lab.steps if step.id == self._state.step), lab.steps[0])

    # What is known.

    @property
    def _state(self) -> LabState:
        return self._journal.lab(self._workshop.id, self._lab.id)

    @property
    def _step_state(self) -> StepState:
        return self._state.of(self._step.id)

    @property
    def _done_steps(self) -> frozenset[str]:
        """The steps whose solution the learner knows."""
        state = self._state
        return frozenset(
            step.id
            for step in self._lab.steps
            if state.of(step.id).solved
            or state.of(step.id).skipped
            or all(check.id in state.of(step.id).passed for check in step.checks)
        )

    def _record(self, kind: Kind, step: str = "", **data: object) -> None:
        self._journal.record(kind, self._workshop.id, self._lab.id, step, **data)
        self.query_one(StatusLine).trouble = self._journal.trouble

    # The screen.

    def compose(self) -> ComposeResult:
        yield Static(id="title", markup=False)
        with Container(id="body"):
            with Vertical(id="reading"):
                yield Lesson(id="lesson")
                yield Checks(id="checks")
            yield Terminals(id="terminals")
        yield StatusLine()
        yield KeyBar()

    async def on_mount(self) -> None:
        self._record(Kind.OPENED)
        self.query_one(Lesson).focus()
        fresh = self._step.id not in self._state.steps
        await self._show_step()
        self.set_interval(1.0, self._tick)
        self.set_interval(HEARTBEAT, lambda: self._record(Kind.ALIVE))
        # The lesson can be read while the engine starts.
        self.call_after_refresh(self._open, fresh=fresh)

    def on_unmount(self) -> None:
        self._journal.record(Kind.CLOSED, self._workshop.id, self._lab.id)

    async def _show_step(self) -> None:
        number = self._lab.steps.index(self._step)
        dots = "".join("●" if place <= number else "○" for place in range(len(self._lab.steps)))
        place = self._workshop.labs.index(self._lab) + 1
        self.query_one("#title", Static).update(
            f"{dots}  {place}. {self._lab.title}  ·  {self._workshop.title}"
        )
        if self._state.step != self._step.id or self._step.id not in self._state.steps:
            self._record(Kind.ENTERED, self._step.id)
        self._typed.clear()
        self._waiting = None
        state = self._step_state
        await self.query_one(Lesson).show(self._lab, self._step, state, self._launched)
        await self.query_one(Checks).show(self._step.checks, state.passed)
        self._point()

    def _point(self) -> None:
        """Mark the command that the key runs next."""
        marked = False
        for row in self.query_one(Lesson).rows():
            if row.state in {RowState.NEW, RowState.NEXT}:
                row.state = RowState.NEW if marked else RowState.NEXT
                marked = True

    def _tick(self) -> None:
        state = self._state
        since = 0.0 if state.last is None else time.time() - state.last
        self.query_one(StatusLine).seconds = int(state.seconds + max(0.0, min(since, HEARTBEAT * 2)))

    # The session.

    async def _ask(self, doing: str, call: Callable[[], _Result]) -> _Result | None:
        """Have a thread do what may wait, one thing after another; None after a failure, which is shown."""
        status = self.query_one(StatusLine)
        async with self._turn:
            status.busy = doing
            try:
                return await asyncio.to_thread(call)
            except WorkshopError as error:
                self._failed(error)
                return None
            finally:
                status.busy = ""

    def _tell(self, happening: Happening) -> None:
        """From any thread."""
        self.post_message(messages.Told(happening))

    def _progress(self, text: str) -> None:
        """From any thread."""
        self.post_message(messages.Progressed(text))

    @work
    async def _open(self, *, fresh: bool) -> None:
        session = await self._ask(
            "looking for an engine",
            lambda: self._room.open(
                self._workshop,
                self._lab,
                self._tell,
                self._progress,
            ),
        )
        if session is None:
            return
        self._session = session
        info = session.engine
        self.query_one(StatusLine).engine = f"{info.name} {info.version} ({info.isolation})"
        if session.workspace.shared:
            self.notify("This lab is open in another terminal too: both work on the same files.")
        await self._enter(session, fresh=fresh)

    async def _enter(self, session: "LearnerSession", *, fresh: bool) -> None:
        step, passed, done = self._step, self._step_state.passed, self._done_steps
        await self._ask(
            "opening the terminal", lambda: session.enter(step, fresh=fresh, passed=passed, done=done)
        )
        self._launched = set(session.running)

    def on_messages_progressed(self, event: messages.Progressed) -> None:
        self.query_one(StatusLine).busy = event.text
        self.query_one(Terminals).waiting(f"{event.text} …")

    @on(messages.Told)
    async def _told(self, event: messages.Told) -> None:
        terminals = self.query_one(Terminals)
        match event.happening:
            case ConsoleOpened(target, console, tap):
                await terminals.open(target, console, tap)
                self._launched.add(target)
                self._show_running(target, running=True)
            case ConsoleDropped(target):
                await terminals.drop(target)
                self._launched.discard(target)
                self._show_running(target, running=False)
            case CommandSeen(_, _, Command() as command, outcome):
                self._seen(command, outcome)
            case CheckJudged(step, check, outcome, asked):
                if isinstance(outcome, Passed):
                    self._record(Kind.PASSED, step, check=check.id)
                if step == self._step.id:
                    self.query_one(Checks).judge(check, outcome)
                if isinstance(outcome, Errored) and asked:
                    self._failed(EngineError(outcome.reason))

    def _seen(self, command: Command, outcome: Outcome | None) -> None:
        self._typed.add(command)
        if self._waiting == command:
            self._waiting = None
        for row in self.query_one(Lesson).rows():
            if row.command == command:
                row.state = RowState.AS_SHOWN if isinstance(outcome, Passed) else RowState.DIFFERENT
                if isinstance(outcome, Failed):
                    row.tooltip = f"wanted {outcome.expected}, seen {outcome.actual}"
        self._point()

    def _show_running(self, name: str, *, running: bool) -> None:
        for card in self.query(LaunchCard):
            if card.block.name == name:
                card.running = running

    def _failed(self, error: WorkshopError) -> None:
        remedy = f"\n{error.remedy}" if error.remedy else ""
        self.notify(f"{error}{remedy}", title="That did not work", severity="error", timeout=12, markup=False)

    # What the learner does.

    def _ready(self) -> "LearnerSession | None":
        if self._session is None:
            self.notify("The terminal is not open yet.", severity="warning")
        return self._session

    def _again(self, what: str) -> bool:
        """Whether the learner insists: has asked for the same a moment ago."""
        asked, when = self._warned
        self._warned = (what, time.monotonic())
        return asked == what and time.monotonic() - when < PATIENCE

    @work
    async def action_guide(self) -> None:
        """Do the next thing of the step."""
        if self._waiting is not None:
            self.notify("The last command is still running.")
            return
        state = self._step_state
        match next_action(
            self._step,
            launched=self._launched,
            typed=self._typed,
            passed=state.passed,
            answered=state.answers,
        ):
            case Launch(block):
                await self._launch(block)
            case Type(target, command):
                await self._type(target, command)
            case Solve():
                if self._again("solve"):
                    await self._solve(Kind.SOLVED)
                else:
                    self.notify("Now it is your turn. Press space again to have it solved before your eyes.")
            case Answer(quiz):
                right = next(number for number, option in enumerate(quiz.options) if option.correct)
                self._answer(quiz, right)
            case Advance():
                await self._go(+1)

    @work
    async def action_launch(self) -> None:
        """Launch the next container of the step."""
        blocks = [block for block in self._step.blocks if isinstance(block, ContainerBlock)]
        block = next((block for block in blocks if block.name not in self._launched), None)
        if block is None:
            self.notify("Everything in this step is launched." if blocks else "This step launches nothing.")
        else:
            await self._launch(block)

    @on(messages.LaunchAsked)
    def _launch_asked(self, event: messages.LaunchAsked) -> None:
        self.run_worker(self._launch(event.block))

    async def _launch(self, block: ContainerBlock) -> None:
        session = self._ready()
        if session is None:
            return
        outcome = await self._ask(f"launching {block.name}", lambda: session.launch(block))
        if outcome is not None:
            self._launched.add(block.name)
        if isinstance(outcome, Passed):
            if not block.starts:
                self.notify(outcome.observed, title="As expected", markup=False)
        elif isinstance(outcome, Failed):
            self._failed(EngineError(f"expected: {outcome.expected}; but: {outcome.actual}"))
        elif isinstance(outcome, Broken | Errored):
            self._failed(EngineError(outcome.reason))

    @work
    async def action_run(self) -> None:
        """Type the next command of the lesson."""
        actions = lesson_actions(self._step, launched=self._launched, typed=self._typed)
        following = next((action for action in actions if isinstance(action, Type)), None)
        if following is None:
            self.notify("Every command of this step has been run.")
        else:
            await self._type(following.target, following.command)

    @on(messages.TypeAsked)
    def _type_asked(self, event: messages.TypeAsked) -> None:
        self.run_worker(self._type(event.block.target, event.command))

    async def _type(self, target: str, command: Command) -> None:
        session = self._ready()
        if session is None or not await self._opened(session, target):
            return
        terminals = self.query_one(Terminals)
        terminals.show(target)
        terminal = terminals.terminal(target)
        if terminal is None:
            return
        if terminal.modes.alternate_screen:
            self.notify(
                f"A full-screen program has the terminal {target}: leave it first.", severity="warning"
            )
            return
        prompt = terminals.prompt(target)
        if prompt is Prompt.BUSY and not self._again(command.text):
            self.notify(
                f"The shell in {target} is not at its prompt. Press again to type it all the same.",
                severity="warning",
            )
            return
        text = command.text.replace("\n", "\r").encode() + b"\r"
        terminal.send(_KILL_LINE + text if prompt is Prompt.TYPING else text)
        self._typed.add(command)
        self._waiting = command
        for row in self.query_one(Lesson).rows():
            if row.command == command:
                row.state = RowState.TYPED
                row.scroll_visible(animate=False)
        self._point()

    async def _opened(self, session: "LearnerSession", target: str) -> bool:
        """Whether the console `target` is there to be typed into, launching its container if need be."""
        terminals = self.query_one(Terminals)
        if terminals.prompt(target) is not Prompt.ENDED:
            return True
        block = next(
            (
                block
                for block in self._step.blocks
                if isinstance(block, ContainerBlock) and block.name == target
            ),
            None,
        )
        if block is not None and target not in self._launched:
            await self._launch(block)
        else:
            await self._ask(f"opening {target}", lambda: session.show(target))
        ready = await self._ask(f"waiting for {target}", lambda: session.wait_for_prompt(target))
        return bool(ready)

    def action_check(self) -> None:
        """Look at every check now."""
        if not self._step.checks:
            self.notify("This step has nothing to check.")
        elif (session := self._ready()) is not None:
            session.check()

    def action_hint(self) -> None:
        """Reveal one more hint."""
        if self._step_state.hints >= len(self._step.hints):
            self.notify(
                "There are no more hints. s solves the step."
                if self._step.hints
                else "This step has no hints."
            )
            return
        self._record(Kind.HINT, self._step.id)
        self.query_one(Lesson).reveal(self._step_state.hints)

    @on(messages.HintAsked)
    def _hint_asked(self) -> None:
        self.action_hint()

    @work
    async def action_solve(self) -> None:
        """Have the step solved before the learner's eyes."""
        if self._again("solve"):
            await self._solve(Kind.SOLVED)
        else:
            self.notify("Press s again to have this step solved before your eyes.")

    async def _solve(self, kind: Kind) -> None:
        session = self._ready()
        if session is None:
            return
        self._record(kind, self._step.id)
        outcome = await self._ask("solving", session.solve)
        if outcome is not None and isinstance(outcome, Failed):
            self._failed(WorkshopError(f"expected: {outcome.expected}; seen: {outcome.actual}"))

    @work
    async def action_skip(self) -> None:
        """Have the step solved and go on."""
        await self._solve(Kind.SKIPPED)
        await self._go(+1)

    @work
    async def action_next(self) -> None:
        """Go to the next step, or to the summary."""
        await self._go(+1)

    @on(messages.NextAsked)
    def _next_asked(self) -> None:
        self.action_next()

    @work
    async def action_previous(self) -> None:
        """Go to the step before."""
        await self._go(-1)

    async def _go(self, by: int) -> None:
        place = self._lab.steps.index(self._step) + by
        if place < 0:
            self.notify("This is the first step.")
            return
        if place >= len(self._lab.steps):
            self._finish()
            return
        self._step = self._lab.steps[place]
        fresh = self._step.id not in self._state.steps
        await self._show_step()
        if self._session is not None:
            await self._enter(self._session, fresh=fresh)

    def _finish(self) -> None:
        if all(check.id in self._state.passed for check in self._lab.checks):
            self._record(Kind.FINISHED)
        self.dismiss()

    @on(messages.Answered)
    def _answered(self, event: messages.Answered) -> None:
        self._record_answer(event.quiz, event.option)

    def _answer(self, quiz: QuizBlock, option: int) -> None:
        for widget in self.query(Quiz):
            if widget.block == quiz:
                widget.show_answer(option)
                widget.scroll_visible(animate=False)
        self._record_answer(quiz, option)

    def _record_answer(self, quiz: QuizBlock, option: int) -> None:
        correct = quiz.options[option].correct
        self._record(Kind.ANSWERED, self._step.id, quiz=quiz.id, option=option, correct=correct)

    @work
    async def action_reset_step(self) -> None:
        """Begin the step again."""
        session = self._ready()
        if session is None or not await self.app.push_screen_wait(
            Question(
                "Begin this step again?",
                "Its files go back to how the lesson has them, its containers and the shells start afresh, "
                "and its checks are open again.",
                yes="Begin again",
                no="Keep it",
            )
        ):
            return
        self._record(Kind.STEP_RESET, self._step.id)
        done = self._done_steps
        await self._ask("resetting the step", lambda: session.reset_step(done=done))
        await self._show_step()

    @work
    async def action_reset_lab(self) -> None:
        """Begin the lab again."""
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
        if kept is None:
            return
        self._record(Kind.LAB_RESET)
        self.notify(f"Your files of before are in {kept}", markup=False)
        self._step = self._lab.steps[0]
        await self._show_step()
        await self._enter(session, fresh=True)

    # The terminals.

    def action_terminal(self) -> None:
        """Give the keys to the terminal."""
        self.query_one(Terminals).focus_active()

    def action_full(self) -> None:
        """Give the whole screen to the terminal, or take it back."""
        self.toggle_class("-full")
        if self.has_class("-full"):
            self.action_terminal()

    @on(Terminals.Switched)
    def _switched(self, event: Terminals.Switched) -> None:
        if self._session is not None:
            self.query_one(StatusLine).profile = self._session.confinement(event.target)

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        self._launched.discard(event.target)
        self._show_running(event.target, running=False)
        again = "r or Enter on a command opens a new one" if event.target == HOST else "l launches it again"
        self.notify(f"The shell in {event.target} has ended: {again}.", severity="warning")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a terminal has the keys, nothing else does."""
        if isinstance(self.focused, Terminal):
            return action == "leave_terminal"
        return super().check_action(action, parameters)

    @work
    async def action_leave(self) -> None:
        """Go back to the list of labs."""
        session, self._session = self._session, None
        if session is not None:
            await self._ask("cleaning up", lambda: self._room.leave(session))
        self.dismiss()
