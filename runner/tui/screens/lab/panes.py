"""What a lab shows: the lesson with the checks beneath it, the terminals, and a title and a status line around them."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Static

from runner.lab.model.transcript import Command
from runner.lab.model.workshop import Lab, QuizBlock, Step, Workshop
from runner.language import tr
from runner.shell.prompt_state import Prompt
from runner.tui import marks, messages
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.lab.announcements import Announcements
from runner.tui.lab.record import LabRecord
from runner.tui.screens.lab import tools
from runner.tui.screens.lab.wide_lines import WideLines
from runner.tui.split import Split
from runner.tui.widgets.banner import Banner
from runner.tui.widgets.divided import Divided
from runner.tui.widgets.lesson.checks import Checks
from runner.tui.widgets.lesson.lesson import Lesson
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.tabs import Terminals
from runner.tui.widgets.terminal.typist import type_command
from runner.tui.widgets.watch import WatchPane

if TYPE_CHECKING:
    from textual.worker import Worker

    from runner.engine.api import EngineInfo
    from runner.learner.session.events import SessionEvent
    from runner.record.notice import DemoFrame
    from runner.tui.lab.view import Severity, Topic

_ISOLATION = {
    "user-namespace": "in a user namespace",
    "rootless": "rootless",
    "vm": "in a virtual machine",
    "none": "not isolated",
}


class Frame(Container):
    """A container that draws nothing itself."""

    BLANK = True


class LabPanes(Frame):
    """The `LabView` of one lab. `title` and `status` are placed by the screen, and written here."""

    always_launches = False
    """Whether there is always a container to launch, whatever the lesson has."""

    def __init__(self, workshop: Workshop, lab: Lab, step: Step, record: LabRecord) -> None:
        super().__init__(id="body")
        self._workshop = workshop
        self._lab = lab
        self._step = step
        self._record = record
        self.title = Static(self._titled(), id="title", markup=False)
        self.status = StatusLine()
        self.announcements = Announcements(self.announce)
        self.overlay = Banner(clear=self.announcements.clear, id="overlay")
        """The messages where nothing is read beside the terminals: over the lines below them. The screen places it."""
        self._split: Split | None = None
        self.pace = 0.0
        """Seconds between two keys of what is typed for the learner."""
        self.uncover: Callable[[], None] = lambda: None
        """Has what is read seen, where it has made room for something else. The screen knows how."""
        self.command: Callable[[str, float], Callable[[], None] | None] = lambda *_: None
        """What to do with the letters of a command whose first one has led to a question. The screen knows."""
        self._wide = WideLines(self)

    def compose(self) -> ComposeResult:
        state = self._record.of(self._step)
        with Frame(id="reading"):
            yield Lesson(self._lab, self._step, state, glossary=self._workshop.glossary, id="lesson")
            yield Checks(self._step.checks, state.passed, id="checks")
            yield self.banner()
        with Divided(id="beside"):
            yield Terminals(id="terminals")
            yield WatchPane(id="watch")

    def banner(self) -> Banner:
        """The place for messages, beneath what is read."""
        return Banner(clear=self.announcements.clear, id="banner")

    def _way_back(self) -> str:
        """How to get to what is read again from the calls that are shown in its place; its keys in backticks."""
        return tr("`w` brings the lesson back")

    @property
    def home(self) -> Widget:
        """What has the keys where nothing else has: what is read, or the calls that are shown in its place."""
        return self.watch_pane.calls if self.covered else self.read

    @property
    def read(self) -> Widget:
        """What is read beside the terminals."""
        return self.lesson

    @property
    def covered(self) -> bool:
        """Whether the calls have the place of what is read."""
        classes = self.screen.classes
        return self._stacked and "-watching" in classes and "-full" not in classes

    def _titled(self) -> str:
        number, place = self._lab.steps.index(self._step), self._workshop.labs.index(self._lab) + 1
        dots = "".join(
            (marks.STEP_HERE if other <= number else marks.STEP_LATER).symbol
            for other in range(len(self._lab.steps))
        )
        return f"{dots}  {place}. {self._lab.title}  ·  {self._workshop.title}"

    @property
    def lesson(self) -> Lesson:
        """The step as it is read."""
        return self.query_one(Lesson)

    @property
    def checks(self) -> Checks:
        """The checks of the step."""
        return self.query_one(Checks)

    @property
    def terminals(self) -> Terminals:
        """The consoles."""
        return self.query_one(Terminals)

    @property
    def watch_pane(self) -> WatchPane:
        """The calls of the container whose terminal is shown, if that is wanted."""
        return self.query_one(WatchPane)

    # How the screen is divided.

    @property
    def _stacked(self) -> bool:
        return self.screen.has_class("-narrow")

    def divide(self, split: Split) -> None:
        """Divide the screen as the learner wants it, from now on."""
        self._split = split
        self._divide()

    def move_edge(self, steps: int) -> None:
        """Give what is read so many steps more room; 0 gives it what it usually has."""
        if self._split is None:
            return
        whole, reading = self.size, self.query_one("#reading").outer_size
        now = reading.height / whole.height if self._stacked else reading.width / whole.width
        if steps:
            self._split.step(now, steps, stacked=self._stacked)
        else:
            self._split.reset(stacked=self._stacked)
        self._divide()
        self._split.remember()

    @on(Divided.Dragged)
    def _dragged(self, event: Divided.Dragged) -> None:
        if self._split is not None:
            x, y = event.place - self.region.offset
            part = y / self.size.height if self._stacked else x / self.size.width
            self._split.move_to(part, stacked=self._stacked)
            self._divide()
            if event.done:
                self._split.remember()

    def on_resize(self) -> None:
        self._divide()
        self.announce()

    def _divide(self) -> None:
        if self._split is None:
            return
        part, stacked = self._split.part(stacked=self._stacked), self._stacked
        share, rest = (None, None) if part is None else (f"{part:.0%}", "1fr")
        for pane, length in ((self.query_one("#reading"), share), (self.query_one("#beside"), rest)):
            pane.styles.width = None if stacked else length
            pane.styles.height = length if stacked else None

    def beside(self, work: Callable[[], Awaitable[None]], *, only: str = "") -> None:
        async def run() -> None:
            await work()

        # Not the coroutine: one whose worker is cancelled before it begins would never be awaited.
        _: Worker[None] = self.run_worker(run, group=only or "default", exclusive=bool(only))

    async def told(self) -> None:
        # The screen hears of it once it is shown.
        for pump in (self, self.screen):
            await _handled(pump)

    def say(
        self,
        text: str,
        *,
        way_on: str = "",
        title: str = "",
        severity: "Severity" = "information",
        timeout: float | None = None,
        topic: "Topic" = "",
    ) -> None:
        self.announcements.add(
            text, way_on=way_on, title=title, severity=severity, timeout=timeout, topic=topic
        )

    def announce(self) -> None:
        """Show what there is to say now, with its keys as they act now."""
        leave = self._leave_key()
        for banner in (*self.query(Banner), self.overlay):
            banner.show(self.announcements.shown, leave)
        self.overlay.styles.max_height = max(1, self.screen.size.height - self.region.bottom)
        self.watch_pane.show_keys(self._way_back() if self.covered else "", leave)

    def _leave_key(self) -> str:
        """What has to be pressed before a key of the lab acts."""
        from runner.tui.keys.names import key_name

        return key_name(KeyTaker.LEAVE_KEY) if isinstance(self.screen.focused, KeyTaker) else ""

    def on_descendant_focus(self) -> None:
        self.announce()

    def on_descendant_blur(self) -> None:
        self.announce()

    def unsay(self, *topics: "Topic") -> None:
        self.announcements.clear(*topics)

    async def confirm(self, title: str, text: str, *, yes: str, no: str, key: str = "y") -> bool:
        from runner.tui.screens.question import Question

        return await self.app.push_screen_wait(
            Question(title, text, yes=yes, no=no, key=key, command=self.command)
        )

    # The status line.

    def show_doing(self, doing: str) -> None:
        self.status.busy = doing

    def show_running(self, target: str) -> None:
        self.status.running = target

    def show_trouble(self, trouble: str) -> None:
        if trouble and not self.status.trouble:
            self.say(
                tr(
                    "Your progress cannot be saved now: {trouble}. It is kept in memory, and written as soon as "
                    "that is possible.",
                    trouble=trouble,
                ),
                severity="warning",
                timeout=10,
            )
        self.status.trouble = trouble

    def show_engine(self, info: "EngineInfo") -> None:
        isolation = tr(_ISOLATION.get(info.isolation, info.isolation))
        unbounded = "" if info.bounded else tr(", memory not limited")
        self.status.engine = f"{info.name} {info.version}, {isolation}{unbounded}"

    # The class.

    async def show_demo(self, frame: "DemoFrame | None") -> None:
        """Show the instructor's screen above the terminals; None takes it away."""
        from runner.tui.attending.demo_pane import DemoPane

        shown = self.query(DemoPane)
        if frame is None:
            await shown.remove()
        elif shown:
            shown.first().show(frame)
        else:
            await self.query_one(Divided).mount(DemoPane(frame), before=0)

    # The lesson.

    async def show_step(self, step: Step, launched: Collection[str]) -> None:
        self.uncover()
        self.unsay("task", "failure")
        self._step = step
        state = self._record.of(step)
        self.title.update(self._titled())
        await self.query_one(Checks).show(step.checks, state.passed)
        await self.lesson.show(self._lab, step, state, launched)
        self.screen.refresh_bindings()

    def show_launched(self, target: str, *, running: bool) -> None:
        self.lesson.show_running(target, running=running)

    def show_launch(self, name: str) -> None:
        self.lesson.show_launch(name)

    def show_typed(self, command: Command) -> None:
        self.lesson.show_typed(command)

    def show_hints(self, hints: int) -> None:
        self.uncover()
        self.lesson.reveal(hints)

    def show_task(self) -> None:
        self.uncover()
        self.lesson.show_task()

    def show_question(self, quiz: QuizBlock) -> None:
        self.uncover()
        self.lesson.show_question(quiz)

    def show_files(self, texts: Mapping[str, str | None]) -> None:
        self.lesson.show_files(texts)

    def show_summary(self) -> None:
        tools.summarise(self, self._workshop, self._lab, self._record)

    # The terminals.

    def show_waiting(self, text: str) -> None:
        self.terminals.waiting(text)

    def show_no_terminal(self, text: str) -> None:
        self.terminals.give_up(text)

    async def show_engine_lost(self) -> None:
        self.status.engine, self.status.profile = tr("no engine"), ""
        self.terminals.waiting(tr("The engine went away."))
        await self.terminals.clear()

    def offer(self, target: str) -> None:
        self.terminals.offer(target)

    def prompt(self, target: str) -> Prompt:
        return self.terminals.prompt(target)

    def type(self, target: str, command: Command, *, insist: bool) -> None:
        type_command(self.terminals, target, command, insist=insist, pace=self.pace)

    def not_reopened(self, target: str) -> None:
        self.terminals.not_reopened(target)

    # What the session tells.

    def tell(self, happening: "SessionEvent") -> None:
        self.post_message(messages.Told(happening))

    def progress(self, text: str) -> None:
        self.post_message(messages.Progressed(text))

    @on(messages.Progressed)
    def _progressed(self, event: messages.Progressed) -> None:
        self.show_doing(event.text)
        self.show_waiting(f"{event.text} …")

    async def show_event(self, happening: "SessionEvent") -> None:
        """Show what the session has told.

        The screen has it done: Textual stops a message at the widget whose handler has sent it.
        """
        from runner.learner.session.events import (
            CheckJudged,
            CommandSeen,
            ConsoleDropped,
            ConsoleOpened,
            ConsoleUsed,
        )

        match happening:
            case ConsoleOpened(target, console, tap):
                await self.terminals.open(target, console, tap)
                self.show_launched(target, running=True)
            case ConsoleDropped(target):
                await self.terminals.drop(target)
                self.show_launched(target, running=False)
            case ConsoleUsed(target):
                self.offer(target)
            case CommandSeen(target, finished, command, outcome):
                if command is not None:
                    self.lesson.show_outcome(command, outcome)
                self._wide.seen(target, finished.output)
            case CheckJudged(step, check, outcome, _) if step == self._step.id:
                self.query_one(Checks).judge(check, outcome)


async def _handled(pump: MessagePump) -> None:
    """Wait until it has handled what it was sent so far."""
    handled = asyncio.Event()
    if pump.call_later(handled.set):
        await handled.wait()
