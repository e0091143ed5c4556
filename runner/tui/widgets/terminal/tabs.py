"""The learner's terminals in tabs: the host shell, and a tab for each container."""

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message

from runner.lab.model.workshop import HOST, console_name, shell_name
from runner.language import tr
from runner.shell.prompt_state import Prompt
from runner.tui.internals.key_taker import KeyTaker
from runner.tui.widgets.terminal.waiting import Waiting

if TYPE_CHECKING:
    from textual.widgets import Tab, Tabs

    from runner.learner.session.tap import Tap
    from runner.shell.console import Console
    from runner.tui.widgets.terminal.shell import ShellTerminal

COLUMNS, LINES = 80, 24


class Terminals(Container):
    """Shows one console at a time; the screen decides which consoles there are."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,down", "enter", "Type here", show=False)]
    DEFAULT_CSS = """
    Terminals {
        layout: vertical;
        background: $background;
        Tabs { height: 2; }
        Tabs Tab { padding: 0 1; }
        Terminal { padding: 0 0 0 1; }
        &:focus-within Tabs:blur Tab.-active { color: $primary; text-style: bold; }
    }
    """

    class Switched(Message):
        """Another console is shown."""

        def __init__(self, target: str) -> None:
            super().__init__()
            self.target = target

    class EnterAsked(Message):
        """The learner wants to type into the console that is shown."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._open: dict[str, tuple[ShellTerminal, Console]] = {}
        self._order: list[str] = []
        self._opened = 0
        self._changing = asyncio.Lock()
        self.active = HOST

    def compose(self) -> ComposeResult:
        yield Waiting()

    def waiting(self, text: str) -> None:
        """Set the text for the time before there is a terminal."""
        self.query_one(Waiting).say(text)

    async def open(self, target: str, console: "Console", tap: "Tap") -> None:
        """Show an opened console, in place of one of its name, whose focus and waiting keys it takes over."""
        async with self._changing:
            await self._add(target, console, tap)

    async def _add(self, target: str, console: "Console", tap: "Tap") -> None:
        from runner.terminal.ghostty import GhosttyEmulator
        from runner.tui.widgets.terminal.shell import ShellTerminal

        before = self._open[target][0] if target in self._open else None
        waiting = self.query_one(Waiting)
        self._opened += 1
        terminal = ShellTerminal(
            GhosttyEmulator(COLUMNS, LINES),
            has_another=lambda: self.has_another,
            id=f"terminal-{self._opened}",
        )
        # `show` decides whether it is visible.
        terminal.display = False
        await self.mount(terminal)
        await self._add_tab(target)
        # Not before: an open console can be shown, which takes its tab.
        self._open[target] = terminal, console
        # Nor this: the kept output may end with the console's end, which the tab reports.
        tap.connect(terminal.feed)
        takes_over = (before, waiting) if waiting.waits_for(target) else (before,)
        if self.screen.focused is not None and self.screen.focused in takes_over:
            self.show(target)
            self.screen.set_focus(terminal)
        else:
            self.offer(target)
        typed = waiting.taken() if waiting.waits_for(target) else []
        if before is not None:
            # Once it is removed, no key can reach it any more.
            await before.remove()
            typed = before.typed_early()
        terminal.attach(console, typed=typed)
        self.screen.refresh_bindings()

    async def _add_tab(self, target: str) -> None:
        """The tab of a console, at its earlier place."""
        from textual.widgets import Tab, Tabs

        if target not in self._order:
            self._order.append(target)
        place = self._order.index(target)
        if not self.query(Tabs):
            await self.mount(Tabs(Tab(Content(console_name(target)), id=f"tab-{place}")), before=0)
            return
        tabs = self._tabs
        if not tabs.query(f"#tab-{place}"):
            later = [tab for tab in tabs.query(Tab) if self._place(tab) > place]
            await tabs.add_tab(
                Tab(Content(console_name(target)), id=f"tab-{place}"), before=later[0] if later else None
            )
        self._label(target, console_name(target))

    async def drop(self, target: str) -> None:
        """Remove a closed console."""
        async with self._changing:
            await self._remove(target)

    async def _remove(self, target: str) -> None:
        found = self._open.pop(target, None)
        if found is None:
            return
        await found[0].remove()
        self.screen.refresh_bindings()
        place = self._order.index(target)
        await self._tabs.remove_tab(f"tab-{place}")
        if not self._open:
            self.active = HOST
            waiting = self.query_one(Waiting)
            waiting.say(tr("No terminal is open."))
            self._bring_up(waiting)

    async def clear(self) -> None:
        """Remove every console; a learner who types into one goes on in the next that opens."""
        async with self._changing:
            if self.screen.focused in [terminal for terminal, _ in self._open.values()]:
                self.screen.set_focus(self.query_one(Waiting))
            for target in list(self._open):
                await self._remove(target)

    def give_up(self, text: str) -> None:
        """Show that no terminal will open, and take no keys for one; unless there is one after all."""
        if self._open:
            return
        waiting = self.query_one(Waiting)
        waiting.say(text)
        waiting.taken()
        if waiting.has_focus:
            self.screen.focus_previous()

    def await_console(self, target: str, text: str) -> bool:
        """Give the keys to a console that is about to open: what is typed meanwhile is for it. `text` says so.

        True if keys were typed for another one, which are dropped.
        """
        waiting = self.query_one(Waiting)
        dropped = waiting.target != target and bool(waiting.taken())
        waiting.target = target
        waiting.say(text)
        self._bring_up(waiting)
        waiting.focus()
        return dropped

    def await_no_longer(self, target: str) -> bool:
        """Show what was shown before: the console does not open. True if keys were typed for it, which are dropped."""
        waiting = self.query_one(Waiting)
        if waiting.target != target:
            return False
        dropped = bool(waiting.taken())
        if self.active in self._open:
            self._bring_up(self._open[self.active][0])
        if waiting.has_focus:
            self.screen.focus_previous()
        return dropped

    @property
    def has_another(self) -> bool:
        """True if there is a terminal besides the displayed one."""
        return any(target != self.active for target in self._open)

    def show(self, target: str) -> None:
        """Bring a console to the front."""
        if target in self._open:
            self._tabs.active = f"tab-{self._order.index(target)}"
            self._activate(target)

    def show_next(self) -> None:
        """Bring the next console to the front, in the order of the tabs."""
        there = [target for target in self._order if target in self._open]
        if there:
            place = there.index(self.active) + 1 if self.active in there else 0
            self.show(there[place % len(there)])

    def offer(self, target: str) -> None:
        """Bring a console to the front, unless the learner is typing into one."""
        awaited = self.query_one(Waiting)
        typing = any(terminal.has_focus for terminal, _ in self._open.values())
        if not typing and not (awaited.has_focus and not awaited.waits_for(target)):
            self.show(target)

    def focus_active(self) -> None:
        """Give the keys to the displayed terminal, or to the next that opens if there is none."""
        shown = self._open[self.active][0] if self.active in self._open else self.query_one(Waiting)
        shown.focus()

    def send(self, data: bytes) -> None:
        """Send bytes as if typed into the displayed terminal, or into the next that opens if there is none."""
        if self.active in self._open:
            self._open[self.active][0].send(data)
        else:
            self.query_one(Waiting).keep(data)

    def focus_reopened(self) -> None:
        """Like `focus_active`, for when the shell has ended and another one is about to take its place and its keys."""
        self.focus_active()
        if self.active in self._open:
            self._open[self.active][0].await_program()

    @property
    def _tabs(self) -> "Tabs":
        """The row of tabs, which exists from the first terminal on."""
        from textual.widgets import Tabs

        return self.query_one(Tabs)

    def copy(self) -> None:
        """Begin to copy by keys from the displayed terminal."""
        if self.active in self._open:
            terminal, before = self._open[self.active][0], self.screen.focused

            def go_back() -> None:
                if before is None or before.is_attached:
                    self.screen.set_focus(before)
                else:
                    terminal.action_leave()

            terminal.focus()
            terminal.begin_copying(then=None if before is terminal else go_back)

    def terminal(self, target: str) -> "ShellTerminal | None":
        """The terminal of an open console."""
        return self._open[target][0] if target in self._open else None

    def prompt(self, target: str) -> Prompt:
        """The state of a console's shell; ENDED if there is none."""
        return self._open[target][1].prompt if target in self._open else Prompt.ENDED

    def on_tabs_tab_activated(self, event: "Tabs.TabActivated") -> None:
        event.stop()
        target = self._order[self._place(event.tab)]
        if target in self._open and target != self.active:
            self._activate(target)

    def on_terminal_ended(self, event: "ShellTerminal.Ended") -> None:
        event.stop()
        for target, (terminal, _) in self._open.items():
            if terminal is event.terminal:
                self._label(target, tr("{console_name} (ended)", console_name=console_name(target)))
                terminal.end(tr("{shell_name} has ended.", shell_name=shell_name(target)))
                self.post_message(Ended(target))

    def on_shell_terminal_reopen_asked(self, event: "ShellTerminal.ReopenAsked") -> None:
        event.stop()
        self.post_message(self.EnterAsked())

    def on_shell_terminal_next_asked(self, event: "ShellTerminal.NextAsked") -> None:
        event.stop()
        self.show_next()
        self.focus_active()

    def action_enter(self) -> None:
        """Go from the tabs into the terminal that is shown."""
        self.post_message(self.EnterAsked())

    def not_reopened(self, target: str) -> None:
        """Show that the console's shell could not be reopened."""
        if target in self._open:
            self._open[target][0].end(tr("{shell_name} could not be opened.", shell_name=shell_name(target)))

    def _activate(self, target: str) -> None:
        self.active = target
        self._bring_up(self._open[target][0])
        self.post_message(self.Switched(target))

    def _bring_up(self, shown: KeyTaker) -> None:
        for widget in self.children:
            if isinstance(widget, KeyTaker):
                widget.display = widget is shown

    @staticmethod
    def _place(tab: "Tab") -> int:
        return int((tab.id or "").removeprefix("tab-"))

    def _label(self, target: str, text: str) -> None:
        from textual.widgets import Tab

        # There is none any more while the app ends.
        for tab in self.query(f"#tab-{self._order.index(target)}").results(Tab):
            tab.label = Content(text)


class Ended(Message):
    """The shell of a console has ended by itself."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target
