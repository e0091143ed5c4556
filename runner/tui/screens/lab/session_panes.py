"""The panes of every session: something to read, the terminals, and a title and a status line around them."""

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
from runner.lab.model.workshop import QuizBlock, Step
from runner.language import tr
from runner.shell.prompt_state import Prompt
from runner.tui import messages
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.lab.announcements import Announcements
from runner.tui.screens.lab.division import Division
from runner.tui.screens.lab.wide_lines import WideLines
from runner.tui.split import Split
from runner.tui.widgets.banner import Banner
from runner.tui.widgets.divided import Divided
from runner.tui.widgets.key_bar import KeyBar
from runner.tui.widgets.status import StatusLine
from runner.tui.widgets.terminal.tabs import Terminals
from runner.tui.widgets.terminal.typist import type_command
from runner.tui.widgets.watch import WatchPane

if TYPE_CHECKING:
    from textual.worker import Worker

    from runner.engine.api import EngineInfo
    from runner.learner.session.events import SessionEvent
    from runner.record.notice import DemoFrame
    from runner.tui.announcement import Announcement, Severity, Topic


class Frame(Container):
    """A container that draws nothing itself."""

    BLANK = True


class SessionPanes(Frame):
    """The `LabView` of one session; the parts for a lesson do nothing.

    The screen places `title` and `status`, which are written here.
    """

    always_launches = False
    """True if there is always a container to launch, whatever the lesson has."""

    def __init__(self, title: str, split: Split) -> None:
        super().__init__(id="body")
        self.title = Static(title, id="title", markup=False)
        self.status = StatusLine()
        self.announcements = Announcements(self.announce)
        self.overlay = Banner(clear=self.announcements.clear, id="overlay")
        """The messages if there are terminals alone: over the lines below them, and after a moment only over the status
        line. The screen places it."""
        self._division = Division(self, split)
        self.pace = 0.0
        """Seconds between two keys typed for the learner."""
        self.uncover: Callable[[], None] = lambda: None
        """Shows the reading side again, if something else has taken its place. Set by the screen."""
        self.command: Callable[[str, float], Callable[[], None] | None] = lambda *_: None
        """Handles the letters of a command whose first one has led to a question. Set by the screen."""
        self._wide = WideLines(self)

    def compose(self) -> ComposeResult:
        with Frame(id="reading"):
            yield from self.compose_reading()
            yield Banner(clear=self.announcements.clear, id="banner")
        with Divided(id="beside"):
            yield Terminals(id="terminals")
            with WatchPane(id="watch"):
                yield Banner(clear=self.announcements.clear, id="below")

    def compose_reading(self) -> ComposeResult:
        """The reading side, beside the terminals; messages stand below it."""
        raise NotImplementedError

    @property
    def read(self) -> Widget:
        """The widget that takes the keys of the reading side."""
        raise NotImplementedError

    def way_back(self) -> str:
        """The way back to the reading side from the calls shown in its place; its keys in backticks."""
        raise NotImplementedError

    @property
    def home(self) -> Widget:
        """The default focus: the reading side, or the calls shown in its place."""
        return self.watch_pane.calls if self.covered else self.read

    @property
    def covered(self) -> bool:
        """True if the calls have the place of the reading side."""
        classes = self.screen.classes
        return self._division.stacked and "-watching" in classes and "-full" not in classes

    @property
    def terminals(self) -> Terminals:
        """The consoles."""
        return self.query_one(Terminals)

    @property
    def has_another_terminal(self) -> bool:
        """True if there is a terminal besides the displayed one."""
        return any(terminals.has_another for terminals in self.query(Terminals))

    @property
    def watch_pane(self) -> WatchPane:
        """The calls of the displayed container, if they are wanted."""
        return self.query_one(WatchPane)

    # The division of the screen.

    def on_mount(self) -> None:
        self._division.apply()

    def on_resize(self) -> None:
        self._division.apply()
        self.announce()

    def move_edge(self, steps: int) -> None:
        """Give the reading side so many steps more room; 0 resets it."""
        self._division.move(steps)

    @on(Divided.Dragged)
    def _dragged(self, event: Divided.Dragged) -> None:
        self._division.drag(event.place, done=event.done)

    # Messages.

    def beside(self, work: Callable[[], Awaitable[None]], *, only: str = "") -> None:
        async def run() -> None:
            await work()

        # Not the coroutine: one whose worker is cancelled before it begins would never be awaited.
        _: Worker[None] = self.run_worker(run, group=only or "default", exclusive=bool(only))

    async def told(self) -> None:
        # The screen gets it once it is shown.
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
    ) -> "Announcement":
        return self.announcements.add(
            text, way_on=way_on, title=title, severity=severity, timeout=timeout, topic=topic
        )

    def announce(self) -> None:
        """Show the current messages, with their keys as they act now."""
        leave = self._leave_key()
        for banner in (*self.query(Banner), self.overlay):
            banner.show(self.announcements.shown, leave)
        keys = 0
        if not self.announcements.fresh:
            keys = sum(bar.region.height for bar in self.screen.query(KeyBar))
        self.overlay.styles.margin = (0, 0, keys, 0)
        self.overlay.styles.max_height = max(1, self.screen.size.height - self.region.bottom - keys)
        self.watch_pane.show_keys(self.way_back() if self.covered else "", leave)

    def _leave_key(self) -> str:
        """The key that leaves the terminal, "" if it lacks focus."""
        from runner.tui.keys.names import key_name

        return key_name(KeyTaker.LEAVE_KEY) if isinstance(self.screen.focused, KeyTaker) else ""

    def on_descendant_focus(self) -> None:
        self.announce()

    def on_descendant_blur(self) -> None:
        self.announce()

    def unsay(self, *topics: "Topic") -> None:
        self.announcements.clear(*topics)

    def withdraw(self, announcement: "Announcement") -> None:
        self.announcements.withdraw(announcement)

    async def confirm(
        self, title: str, text: str, *, yes: str, no: str, key: str = "y", unasked: bool = False
    ) -> bool:
        from runner.tui.screens.question import Question

        question = Question(title, text, yes=yes, no=no, key=key, unasked=unasked, command=self.command)
        # `push_screen_wait` would also do in this worker what the app is to do next. That may be the removal of this
        # widget, which cancels the worker, and then the removal within it. The shield is for the question's future.
        return await asyncio.shield(self.app.push_screen(question, wait_for_dismiss=True))

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
        self.status.show_engine(info)

    # The class.

    async def show_demo(self, frame: "DemoFrame | None") -> None:
        """Show the instructor's screen above the terminals; None removes it."""
        from runner.tui.widgets.demo_pane import DemoPane

        shown = self.query(DemoPane)
        if frame is None:
            await shown.remove()
        elif shown:
            shown.first().show(frame)
        else:
            await self.query_one(Divided).mount(DemoPane(frame), before=0)

    # The terminals.

    def show_waiting(self, text: str) -> None:
        self.terminals.waiting(text)

    def show_no_terminal(self, text: str) -> None:
        self.terminals.give_up(text)

    async def show_engine_lost(self) -> None:
        self.status.lose_engine()
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

    # Events of the session.

    def tell(self, happening: "SessionEvent") -> None:
        self.post_message(messages.Told(happening))

    def progress(self, text: str) -> None:
        self.post_message(messages.Progressed(text))

    @on(messages.Progressed)
    def _progressed(self, event: messages.Progressed) -> None:
        self.show_doing(event.text)
        self.show_waiting(f"{event.text} …")

    async def show_event(self, happening: "SessionEvent") -> None:
        """Show an event of the session.

        The screen calls it: Textual stops a message at the widget whose handler has sent it.
        """
        from runner.learner.session.events import CommandSeen, ConsoleDropped, ConsoleOpened, ConsoleUsed

        match happening:
            case ConsoleOpened(target, console, tap):
                await self.terminals.open(target, console, tap)
                self.show_launched(target, running=True)
            case ConsoleDropped(target):
                await self.terminals.drop(target)
                self.show_launched(target, running=False)
            case ConsoleUsed(target):
                self.offer(target)
            case CommandSeen(target, finished, _, _):
                self._wide.seen(target, finished.output)

    # Only for a lesson.

    async def show_step(self, step: Step, launched: Collection[str]) -> None:
        pass

    def show_launched(self, target: str, *, running: bool) -> None:
        pass

    def show_launch(self, name: str) -> None:
        pass

    def show_typed(self, command: Command) -> None:
        pass

    def show_hints(self, hints: int) -> None:
        pass

    def show_task(self) -> None:
        pass

    def show_question(self, quiz: QuizBlock) -> None:
        pass

    def show_files(self, texts: Mapping[str, str | None]) -> None:
        pass

    def show_summary(self, *, late: bool) -> None:
        pass


async def _handled(pump: MessagePump) -> None:
    """Wait until it has handled its messages so far."""
    handled = asyncio.Event()
    if pump.call_later(handled.set):
        await handled.wait()
