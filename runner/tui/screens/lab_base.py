"""The lab screen as far as it shows what is there and what the session tells."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Static

from runner.check.outcome import Errored, Failed, Outcome, Passed
from runner.errors import EngineError, WorkshopError
from runner.lab.model.workshop import HOST, ContainerBlock, Lab, Workshop
from runner.learner.events import Kind
from runner.learner.journal import Journal
from runner.tui import messages
from runner.tui.jobs import Jobs
from runner.tui.record import LabRecord
from runner.tui.shared_engine import SharedEngine
from runner.tui.widgets.key_bar import KeyBar
from runner.tui.widgets.lesson.checks import Checks
from runner.tui.widgets.lesson.lesson import Lesson
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.tabs import Ended, Terminals

if TYPE_CHECKING:
    from runner.lab.model.transcript import Command
    from runner.learner.session import LearnerSession
    from runner.learner.session_events import SessionEvent

HEARTBEAT = 60.0
"""Seconds between signs of life in the record."""

_ISOLATION = {
    "user-namespace": "in a user namespace",
    "rootless": "rootless",
    "vm": "in a virtual machine",
    "none": "not isolated",
}

_Result = TypeVar("_Result")


class _Frame(Container):
    """Room for others, with nothing of its own that would have to be drawn line by line."""

    BLANK = True


class LabBase(Screen[Lab | None]):
    """One learner in one lab: where they are, and their session from its opening to its end.

    What is recorded is recorded here, in the app's own thread; the session only tells. The result is the lab to go
    on with, if the learner wants that.
    """

    BLANK = True
    AUTO_FOCUS = "#lesson"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (126, "-roomy"), (174, "-vast")]  # noqa: RUF012 (Textual declares it so)
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (14, "-short"), (32, "-tall")]  # noqa: RUF012 (as above)

    def __init__(self, workshop: Workshop, lab: Lab, journal: Journal, room: SharedEngine) -> None:
        super().__init__()
        self._workshop = workshop
        self._lab = lab
        self._room = room
        self._record = LabRecord(journal, workshop, lab)
        self._step = self._record.step
        self._session: LearnerSession | None = None
        self._jobs = Jobs()
        # Kept at hand: what ends after the screen has been left still reports here.
        self._status = StatusLine()
        self._launched: set[str] = set()
        self._typed: set[Command] = set()
        self._opening = True
        self._asking = False
        self._leaving = False
        self._fresh = not self._record.entered(self._step)
        # To learn of its size by the first resize would have it styled and laid out twice.
        width, height = self.app.size
        self.add_class(
            *self._get_breakpoint_classes(width, self.HORIZONTAL_BREAKPOINTS),
            *self._get_breakpoint_classes(height, self.VERTICAL_BREAKPOINTS),
        )

    # The screen.

    def compose(self) -> ComposeResult:
        state = self._record.of(self._step)
        yield Static(self._title, id="title", markup=False)
        with _Frame(id="body"):
            with _Frame(id="reading"):
                yield Lesson(self._lab, self._step, state, id="lesson")
                yield Checks(self._step.checks, state.passed, id="checks")
            yield Terminals(id="terminals")
        yield self._status
        yield KeyBar()

    def on_mount(self) -> None:
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """What can wait until the lesson is there to be read."""
        self._note(Kind.OPENED)
        self._note_entered()
        self.set_interval(1.0, self._tick)
        self.set_interval(HEARTBEAT, lambda: self._note(Kind.ALIVE))
        self._open(fresh=self._fresh)

    def on_unmount(self) -> None:
        self._record.note(Kind.CLOSED)

    @property
    def _title(self) -> str:
        number, place = self._lab.steps.index(self._step), self._workshop.labs.index(self._lab) + 1
        dots = "".join("●" if other <= number else "○" for other in range(len(self._lab.steps)))
        return f"{dots}  {place}. {self._lab.title}  ·  {self._workshop.title}"

    async def _show_step(self) -> None:
        self.query_one("#title", Static).update(self._title)
        self._note_entered()
        self._typed.clear()
        self._show_busy("")
        state = self._record.of(self._step)
        await self.query_one(Checks).show(self._step.checks, state.passed)
        await self.query_one(Lesson).show(self._lab, self._step, state, self._launched)

    def _note_entered(self) -> None:
        if self._record.state.step != self._step.id:
            self._note(Kind.ENTERED, self._step.id)

    def _note(self, kind: Kind, step: str = "", **data: object) -> None:
        self._record.note(kind, step, **data)
        if self._record.trouble and not self._status.trouble:
            self.notify(
                f"Your progress cannot be saved now: {self._record.trouble}. It is kept in memory, and written "
                "as soon as that is possible.",
                severity="warning",
                timeout=10,
                markup=False,
            )
        self._status.trouble = self._record.trouble

    def _tick(self) -> None:
        self._status.seconds = int(self._record.seconds)

    # The session.

    async def _ask(self, doing: str, call: Callable[[], _Result]) -> _Result | None:
        """Have a thread do what may wait, one thing after another; None after a failure, which is shown."""
        self._status.busy = doing
        try:
            return await self._jobs.run(call)
        except WorkshopError as error:
            if not self._leaving:
                self._failed(error)
            return None
        finally:
            self._status.busy = ""

    def _tell(self, happening: "SessionEvent") -> None:
        """From any thread."""
        self.post_message(messages.Told(happening))

    def _progress(self, text: str) -> None:
        """From any thread."""
        self.post_message(messages.Progressed(text))

    def _open(self, *, fresh: bool) -> None:
        # At once, so that nobody opens it a second time.
        self._opening = True
        self._open_for(fresh=fresh)

    @work
    async def _open_for(self, *, fresh: bool) -> None:
        terminals = self.query_one(Terminals)
        terminals.waiting("Looking for a container engine …")
        self._status.busy = "looking for an engine"
        try:
            try:
                session = await self._jobs.run(self._open_session)
            finally:
                self._opening = False
                self._status.busy = ""
        except WorkshopError as error:
            await self._cannot_open(error)
            return
        self._session = session
        info = session.engine
        self.query_one(
            StatusLine
        ).engine = f"{info.name} {info.version}, {_ISOLATION.get(info.isolation, info.isolation)}"
        if session.workspace.shared:
            self.notify("This lab is open in another terminal too: both work on the same files.")
        await self._enter(session, fresh=fresh)

    def _open_session(self) -> "LearnerSession":
        session = self._room.open(self._workshop, self._lab, self._tell, self._progress)
        if self._leaving:
            # Nobody waits for it any more.
            self._room.leave(session)
        return session

    async def _cannot_open(self, error: WorkshopError) -> None:
        """Ask what to do without an engine; the lesson can be read all the same."""
        # Its module needs Docker, which whoever raised it has imported.
        from runner.engine.discovery import ConsentNeededError
        from runner.tui.screens.question import Question

        self.query_one(Terminals).waiting(f"No terminal: {error}")
        if isinstance(error, ConsentNeededError):
            question = Question("Use this engine?", str(error), yes="Use it", no="Only read")
        else:
            text = f"{error}\n\n{error.remedy}".strip()
            title = "There is no engine" if isinstance(error, EngineError) else "The lab cannot be opened"
            question = Question(title, text, yes="Try again", no="Only read")
        if await self.app.push_screen_wait(question):
            self._room.agreed |= isinstance(error, ConsentNeededError)
            await self._jobs.run(self._room.lost)
            self._open(fresh=False)
        else:
            self.query_one(Terminals).give_up(f"No terminal: {error}. t looks for an engine again.")

    async def _enter(self, session: "LearnerSession", *, fresh: bool) -> None:
        step, passed, known = self._step, self._record.of(self._step).passed, self._record.solutions_known
        self._place_files(session, fresh=fresh)
        await self._ask("preparing the step", lambda: session.enter(step, passed=passed, done=known))
        await self._heard()
        from runner.learner.guide import Type, lesson_actions

        following = next(lesson_actions(self._step, launched=self._launched, typed=self._typed), None)
        if isinstance(following, Type):
            self.query_one(Terminals).offer(following.target)

    async def _heard(self) -> None:
        """Wait until what the session has told, such as that a console is open, is shown."""
        heard = asyncio.Event()
        if self.call_later(heard.set):
            await heard.wait()

    def _place_files(self, session: "LearnerSession", *, fresh: bool) -> None:
        """Before anything that takes time: the learner may open the editor the next moment."""
        try:
            session.place_files(self._step, fresh=fresh)
        except WorkshopError as error:
            self._failed(error)

    @on(messages.Progressed)
    def _progressed(self, event: messages.Progressed) -> None:
        self._status.busy = event.text
        self.query_one(Terminals).waiting(f"{event.text} …")

    @on(messages.Told)
    async def _told(self, event: messages.Told) -> None:
        from runner.learner.session_events import (
            CheckJudged,
            CommandSeen,
            ConsoleDropped,
            ConsoleOpened,
            ConsoleUsed,
        )

        lesson, terminals = self.query_one(Lesson), self.query_one(Terminals)
        match event.happening:
            case ConsoleOpened(target, console, tap):
                await terminals.open(target, console, tap)
                self._launched.add(target)
                lesson.show_running(target, running=True)
            case ConsoleDropped(target):
                await terminals.drop(target)
                self._launched.discard(target)
                lesson.show_running(target, running=False)
            case ConsoleUsed(target):
                terminals.offer(target)
            case CommandSeen(target, _, command, outcome):
                if self._status.running == target:
                    self._show_busy("")
                if command is not None:
                    self._typed.add(command)
                    lesson.show_outcome(command, outcome)
            case CheckJudged(step, check, outcome, asked):
                self._judged(step, check.id, outcome, asked=asked)
                if step == self._step.id:
                    self.query_one(Checks).judge(check, outcome)

    def _judged(self, step: str, check: str, outcome: Outcome, *, asked: bool) -> None:
        if isinstance(outcome, Passed):
            self._note(Kind.PASSED, step, check=check)
            if (
                step == self._step.id
                and {check.id for check in self._step.checks} <= self._record.of(self._step).passed
            ):
                self.notify("n goes on.", title="✓ Step done", timeout=4)
        elif isinstance(outcome, Failed) or (isinstance(outcome, Errored) and asked):
            # It may be the engine that failed, and not the learner.
            self._look_after(HOST)

    def _failed(self, error: WorkshopError) -> None:
        from runner.engine.api import EngineUnavailable

        if self._session is not None and isinstance(error, EngineUnavailable):
            self._engine_lost(error)
            return
        remedy = f"\n{error.remedy}" if error.remedy else ""
        self.notify(f"{error}{remedy}", title="That did not work", severity="error", timeout=12, markup=False)

    @work
    async def _engine_lost(self, error: WorkshopError) -> None:
        from runner.tui.screens.question import Question

        if self._asking:
            return
        self._asking = True
        self._session = None
        self._status.engine, self._status.profile = "no engine", ""
        for target in self._launched:
            self.query_one(Lesson).show_running(target, running=False)
        self._launched.clear()
        terminals = self.query_one(Terminals)
        terminals.waiting("The engine went away.")
        # Before the question: whoever was typing into one goes on in the next one that opens.
        await terminals.clear()
        text = (
            f"{error}\n\nYour progress and your files are safe. The containers are gone; "
            "trying again launches those that this step needs."
        )
        again = await self.app.push_screen_wait(
            Question("The engine went away", text, yes="Try again", no="Only read")
        )
        # The next lab, or this one entered anew, must not get the engine that has gone.
        await self._jobs.run(self._room.lost)
        self._asking = False
        if again:
            self._open(fresh=False)
        else:
            terminals.give_up("No terminal: the engine went away. t looks for one again.")

    def _ready(self) -> "LearnerSession | None":
        """The session; without one, the learner is told to wait, or an engine is looked for once more."""
        if self._session is None and self._opening:
            self.notify("There is no terminal yet.", severity="warning")
        elif self._session is None and not self._asking:
            self._open(fresh=False)
        return self._session

    def _show_busy(self, target: str) -> None:
        """A command that was typed for the learner runs in `target`; "" if none does."""
        self._status.running = target

    @on(Terminals.Switched)
    def _switched(self, event: Terminals.Switched) -> None:
        if self._session is not None:
            self._status.profile = self._session.confinement(event.target)

    @on(Ended)
    def _ended(self, event: Ended) -> None:
        if self._session is not None and event.target in self._launched:
            self._launched.discard(event.target)
            self.query_one(Lesson).show_running(event.target, running=False)
            self._look_after(event.target)

    @work(exclusive=True, group="look")
    async def _look_after(self, target: str) -> None:
        """Say why a console has ended: its shell, its container, or the engine."""
        session = self._session
        if session is None:
            return
        why = await self._ask("looking after it", lambda: session.look(target))
        # That their own shell has ended is said in its terminal, with the way on.
        if why and target != HOST:
            launches = any(
                isinstance(block, ContainerBlock) and block.name == target for block in self._step.blocks
            )
            way_on = "l launches it again." if launches else "t in its tab opens it again."
            self.notify(f"{why} {way_on}", severity="warning", markup=False)
