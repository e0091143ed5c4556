"""A live terminal: any program's screen, with the keys and the mouse that belong to it."""

import asyncio
import contextvars
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from rich.style import Style as RichStyle
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from runner.terminal.emulator import Cursor, Emulator, Frame, Modes, Row, SelectionUnit
from runner.terminal.mouse import MouseAction, encode_mouse
from runner.terminal.outbox import Outbox, Program
from runner.tui.widgets.terminal_keys import encode_key, encode_paste
from runner.tui.widgets.terminal_mouse import mouse_input, wheel_button
from runner.tui.widgets.terminal_strips import StripPainter

FRAME_SECONDS = 1 / 60
WHEEL_ROWS = 3
EARLY_LIMIT = 64 * 1024
"""Bytes typed before there is a program to take them."""


class Terminal(Widget, can_focus=True):
    """Shows an emulator's screen and sends what the user does there to a program.

    It takes every key while it has the focus, also those that the app binds with priority; `LEAVE_KEY` alone
    leaves it. Shift+Tab because it is the way back everywhere else in the app, reaches it through every
    terminal, tmux and browser, needs no AltGr on any layout, and is bound neither by bash, vi, less nor top.

    `feed` may be called from any thread, everything else from the app's. The emulator becomes the widget's
    own and is closed with it. Keys typed before `attach` wait for the program.
    """

    LEAVE_KEY: ClassVar[str] = "shift+tab"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(LEAVE_KEY, "leave", "Leave terminal", priority=True),
        Binding("shift+pageup", "page(-1)", "Scroll back", show=False, priority=True),
        Binding("shift+pagedown", "page(1)", "Scroll forward", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Terminal {
        width: 1fr;
        height: 1fr;
        background: $background;
        color: $foreground;
    }
    """

    @dataclass
    class TitleChanged(Message):
        """The program named its window."""

        terminal: "Terminal"
        title: str

    @dataclass
    class Ended(Message):
        """The program's output has ended; the terminal keeps what it shows."""

        terminal: "Terminal"

    @dataclass
    class Copied(Message):
        """A selection went to the clipboard."""

        terminal: "Terminal"
        text: str

    def __init__(
        self,
        emulator: Emulator,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._emulator = emulator
        self._outbox: Outbox | None = None
        self._early: list[bytes] | None = []
        self._rows: dict[int, Row] = {}
        self._frame = Frame(columns=0, lines=0)
        self._stale = True
        self._paint_asked = False
        self._painted_at = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._callback_context: contextvars.Context | None = None
        self._selecting = self._selected = False
        self._mouse_cell: tuple[int, int] | None = None

    # The program.

    def attach(self, program: Program) -> None:
        """Send keys, answers and sizes to this program from now on, beginning with what was typed so far."""
        self.detach()
        self._outbox = Outbox(program)
        if self._frame.columns:
            self._outbox.resize(self._frame.columns, self._frame.lines)
        for data in self._early or ():
            self._outbox.put(data)
        self._early = []

    def detach(self) -> None:
        """Let go of the program, which has ended; what is typed then is lost."""
        if self._outbox is not None:
            self._outbox.close()
            self._outbox = None
            self._early = None

    def feed(self, data: bytes) -> None:
        """Show what a program printed; b"" is its end. From any thread."""
        if not data:
            self.post_message(self.Ended(self))
            return
        answers = self._emulator.feed(data)
        outbox = self._outbox
        if answers and outbox is not None:
            outbox.answer(answers)
        self._ask_for_paint()

    def send(self, data: bytes) -> None:
        """Send bytes as if they had been typed."""
        if not data:
            return
        if self._frame.scrolled:
            self._emulator.scroll_to_end()
            self._ask_for_paint()
        if self._outbox is not None:
            self._outbox.put(data)
        elif self._early is not None and sum(map(len, self._early)) + len(data) <= EARLY_LIMIT:
            self._early.append(data)

    def paste(self, text: str) -> None:
        """Send text as a paste."""
        self.send(encode_paste(text, self._emulator.modes()))

    @property
    def modes(self) -> Modes:
        """What the program asked for; `alternate_screen` says that a full-screen program has the terminal."""
        return self._emulator.modes()

    @property
    def text(self) -> str:
        """What is visible, without trailing blanks."""
        return "\n".join(self._rows.get(y, Row()).text for y in range(self._frame.lines)).rstrip("\n")

    # Painting.

    def render_line(self, y: int) -> Strip:
        frame, width = self._frame, self.content_size.width
        painter = StripPainter(self._base_style())
        cursor = frame.cursor if frame.cursor is not None and frame.cursor.y == y else None
        strip = painter.paint(self._rows.get(y, Row()), width, cursor=cursor, focused=self.has_focus)
        if y == 0 and frame.scrolled:
            strip = painter.overlay(strip, f" ↑ {frame.scrolled}/{frame.history} ")
        return strip

    def _base_style(self) -> RichStyle:
        style = self.rich_style
        return RichStyle(color=style.color, bgcolor=style.bgcolor)

    def _ask_for_paint(self) -> None:
        # Two threads may both get here; the second paint finds nothing to do.
        if self._loop is None or self._paint_asked:
            return
        self._paint_asked = True
        # The loop may close while the app ends.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._schedule_paint, context=self._callback_context)

    def _schedule_paint(self) -> None:
        wait = self._painted_at + FRAME_SECONDS - monotonic()
        if wait <= 0:
            self._paint()
        elif self._loop is not None:
            self._loop.call_later(wait, self._paint, context=self._callback_context)

    def _paint(self) -> None:
        # Cleared first: what is fed from here on asks for the next paint.
        self._paint_asked = False
        if self._loop is None or not self._frame.columns or not self.is_on_screen:
            return
        before, frame = self._frame, self._emulator.frame(full=self._stale)
        if self._stale:
            self._rows.clear()
        changed = {y for y, row in frame.rows.items() if self._rows.get(y) != row}
        self._rows.update(frame.rows)
        self._frame = frame
        changed |= _moved(before.cursor, frame.cursor)
        if before.scrolled or frame.scrolled:
            changed.add(0)
        if self._stale or len(changed) > frame.lines // 2:
            self.refresh()
        elif changed:
            self.refresh(*(Region(0, y, frame.columns, 1) for y in changed))
        self._stale = False
        self._painted_at = monotonic()
        if frame.title != before.title:
            self.post_message(self.TitleChanged(self, frame.title))
        if frame.bells != before.bells:
            self.app.bell()

    # Life.

    def on_mount(self) -> None:
        self._loop = asyncio.get_running_loop()
        # Callbacks from the reader's thread need the app that is active here.
        self._callback_context = contextvars.copy_context()

    def on_unmount(self) -> None:
        self._loop = None
        self.detach()
        self._emulator.close()

    def on_resize(self) -> None:
        columns, lines = self.content_size
        if not columns or not lines or (columns, lines) == (self._frame.columns, self._frame.lines):
            return
        self._frame = Frame(columns=columns, lines=lines, title=self._frame.title, bells=self._frame.bells)
        answers = self._emulator.resize(columns, lines)
        self._stale = True
        if self._outbox is not None:
            self._outbox.resize(columns, lines)
            if answers:
                self._outbox.answer(answers)
        self._paint()

    def on_show(self) -> None:
        self._stale = True
        self._ask_for_paint()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        # The theme, for one, may have changed.
        _, _, background, foreground = self.colors
        self._emulator.set_colours(foreground.rgb, background.rgb)

    # Keys.

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 (Textual's signature)
        """Every key is the terminal's: the screen's and the app's bindings rest while it has the focus."""
        return True

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self._unselect()
        self.send(encode_key(event.key, event.character, self._emulator.modes()))

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.paste(event.text)

    def on_focus(self) -> None:
        self._report_focus(b"\x1b[I")

    def on_blur(self) -> None:
        self._report_focus(b"\x1b[O")

    def _report_focus(self, data: bytes) -> None:
        self.refresh()
        if self._outbox is not None and self._emulator.modes().focus_events:
            self._outbox.put(data)

    def action_leave(self) -> None:
        """Give the focus to what comes before the terminal."""
        self.screen.focus_previous()

    def action_page(self, direction: int) -> None:
        """Scroll by a page; a full-screen program, which has nothing to scroll back to, gets the key."""
        if self.modes.alternate_screen:
            key = "shift+pageup" if direction < 0 else "shift+pagedown"
            self.send(encode_key(key, None, self.modes))
        else:
            self.scroll_rows(direction * max(1, self._frame.lines - 1))

    def scroll_rows(self, rows: int) -> None:
        """Scroll down by `rows`, up if negative."""
        self._emulator.scroll(rows)
        self._ask_for_paint()

    # Mouse: the program's if it asked for it, unless Shift is held.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        event.stop()
        self.focus()
        if self._to_program(event, MouseAction.PRESS):
            return
        if event.button == 1:
            self._selecting = True
            self.capture_mouse()
            self._select(event, "cell")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        event.stop()
        if not self._selecting:
            self._to_program(event, MouseAction.MOVE)
            return
        x, y = self._cell(event)
        if y < 0 or y >= self._frame.lines:
            self._emulator.scroll(y if y < 0 else y - self._frame.lines + 1)
        self._emulator.extend_selection(x, y)
        self._ask_for_paint()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        event.stop()
        if self._selecting:
            self._selecting = False
            self.release_mouse()
            self._copy()
        else:
            self._to_program(event, MouseAction.RELEASE)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        unit: dict[int, SelectionUnit] = {2: "word", 3: "line"}
        if event.chain in unit and (event.shift or not self.modes.mouse):
            self._select(event, unit[event.chain])
            self._copy()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -WHEEL_ROWS)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, WHEEL_ROWS)

    def _wheel(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        modes = self.modes
        if self._to_program(event, MouseAction.PRESS, button=wheel_button(event)):
            return
        if modes.alternate_screen:
            if modes.alternate_scroll:
                self.send(encode_key("up" if rows < 0 else "down", None, modes) * abs(rows))
        else:
            self.scroll_rows(rows)

    def _to_program(
        self, event: events.MouseEvent, action: MouseAction, *, button: int | None = None
    ) -> bool:
        modes = self.modes
        if not modes.mouse or event.shift:
            return False
        x, y = self._cell(event)
        x, y = min(max(0, x), self._frame.columns - 1), min(max(0, y), self._frame.lines - 1)
        if action is MouseAction.MOVE and (x, y) == self._mouse_cell:
            return True
        self._mouse_cell = (x, y)
        data = encode_mouse(mouse_input(event, action, x, y, button=button), modes)
        if data and self._outbox is not None:
            self._outbox.put(data)
        return True

    def _cell(self, event: events.MouseEvent) -> tuple[int, int]:
        offset = event.get_content_offset_capture(self)
        return offset.x, offset.y

    def _select(self, event: events.MouseEvent, unit: SelectionUnit) -> None:
        self._selected = True
        self._emulator.select(*self._cell(event), unit)
        self._ask_for_paint()

    def _unselect(self) -> None:
        if self._selected:
            self._selected = False
            self._emulator.clear_selection()
            self._ask_for_paint()

    def _copy(self) -> None:
        text = self._emulator.selected_text()
        if text:
            self.app.copy_to_clipboard(text)
            self.post_message(self.Copied(self, text))


def _moved(before: Cursor | None, after: Cursor | None) -> set[int]:
    return set() if before == after else {cursor.y for cursor in (before, after) if cursor is not None}
