"""The screen of a terminal emulator, painted as it changes."""

import asyncio
import contextvars
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from rich.style import Style as RichStyle
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from runner.terminal.emulator import Cursor, Emulator, Frame, Modes, Row, SelectionUnit
from runner.tui.widgets.terminal_strips import StripPainter

FRAME_SECONDS = 1 / 60


class TerminalView(Widget):
    """Shows an emulator's screen, at most 60 times a second and only the rows that changed.

    `show` may be called from any thread, everything else from the app's. The emulator becomes the widget's own
    and is closed with it.
    """

    ALLOW_SELECT = False

    @dataclass
    class TitleChanged(Message, namespace="terminal"):
        """The program named its window."""

        terminal: "TerminalView"
        title: str

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
        self._rows: dict[int, Row] = {}
        self._frame = Frame(columns=0, lines=0)
        self._stale = True
        self._paint_asked = False
        self._painted_at = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._callback_context: contextvars.Context | None = None
        self._selected = False

    @property
    def modes(self) -> Modes:
        """What the program asked for; `alternate_screen` says that a full-screen program has the terminal."""
        return self._emulator.modes()

    @property
    def text(self) -> str:
        """What is visible, without trailing blanks."""
        return "\n".join(self._rows.get(y, Row()).text for y in range(self._frame.lines)).rstrip("\n")

    def show(self, data: bytes) -> bytes:
        """Show what a program printed; returns what the terminal answers. From any thread."""
        answers = self._emulator.feed(data)
        self._ask_for_paint()
        return answers

    def size_changed(self, answers: bytes) -> None:
        """Called when the emulator has a new size, with what it answers the program."""

    def scroll_rows(self, rows: int) -> None:
        """Scroll down by `rows`, up if negative."""
        self._emulator.scroll(rows)
        self._ask_for_paint()

    def scroll_to_end(self) -> None:
        """Show the screen again, if it is not shown."""
        if self._frame.scrolled:
            self._emulator.scroll_to_end()
            self._ask_for_paint()

    def select(self, x: int, y: int, unit: SelectionUnit) -> None:
        """Start a selection."""
        self._selected = True
        self._emulator.select(x, y, unit)
        self._ask_for_paint()

    def extend_selection(self, x: int, y: int) -> None:
        """Move its end, scrolling if that is out of view."""
        if y < 0 or y >= self._frame.lines:
            self._emulator.scroll(y if y < 0 else y - self._frame.lines + 1)
        self._emulator.extend_selection(x, y)
        self._ask_for_paint()

    def unselect(self) -> None:
        """Select nothing."""
        if self._selected:
            self._selected = False
            self._emulator.clear_selection()
            self._ask_for_paint()

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

    def on_mount(self) -> None:
        self._loop = asyncio.get_running_loop()
        # Callbacks from the reader's thread need the app that is active here.
        self._callback_context = contextvars.copy_context()

    def on_unmount(self) -> None:
        self._loop = None
        self._emulator.close()

    def on_resize(self) -> None:
        columns, lines = self.content_size
        if not columns or not lines or (columns, lines) == (self._frame.columns, self._frame.lines):
            return
        self._frame = Frame(columns=columns, lines=lines, title=self._frame.title, bells=self._frame.bells)
        answers = self._emulator.resize(columns, lines)
        self._stale = True
        self.size_changed(answers)
        self._paint()

    def on_show(self) -> None:
        self._stale = True
        self._ask_for_paint()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        # The theme, for one, may have changed.
        _, _, background, foreground = self.colors
        self._emulator.set_colours(foreground.rgb, background.rgb)


def _moved(before: Cursor | None, after: Cursor | None) -> set[int]:
    return set() if before == after else {cursor.y for cursor in (before, after) if cursor is not None}
