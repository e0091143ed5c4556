"""The screen of a terminal emulator, painted as it changes."""

import asyncio
import contextvars
from contextlib import suppress
from time import monotonic

from rich.style import Style as RichStyle
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget

from runner.terminal.emulator import Cursor, Emulator, Frame, Modes, Row, SelectionUnit
from runner.tui.internals.direct_paint import paint_rows
from runner.tui.widgets.terminal.strips import StripPainter

FRAME_SECONDS = 1 / 60
_BLANK = Row()


class TerminalView(Widget):
    """Shows an emulator's screen, at most 60 times a second and only the rows that changed.

    `show` may be called from any thread, everything else from the app's. The widget owns the emulator and closes it
    with itself.
    """

    ALLOW_SELECT = False

    def __init__(self, emulator: Emulator, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._emulator = emulator
        self._rows: dict[int, Row] = {}
        self._frame = Frame(columns=0, lines=0)
        self._stale = True
        self._paint_asked = False
        self._painted_at = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._callback_context: contextvars.Context | None = None
        self._selected = False
        self._painter_now: StripPainter | None = None
        self._painted: dict[int, tuple[object, Strip]] = {}
        """The last strip of each row, after the data that it was painted from."""

    @property
    def modes(self) -> Modes:
        """The program's modes; `alternate_screen` means that a full-screen program has the terminal."""
        return self._emulator.modes()

    @property
    def text(self) -> str:
        """The visible text, without trailing blanks."""
        return "\n".join(self._rows.get(y, _BLANK).text for y in range(self._frame.lines)).rstrip("\n")

    @property
    def shown_cursor(self) -> Cursor | None:
        """The painted cursor, if there is one."""
        return self._frame.cursor

    @property
    def note(self) -> str:
        """The text at the right end of the first row; "" for none."""
        return f" ↑ {self._frame.scrolled}/{self._frame.history} " if self._frame.scrolled else ""

    def frame_changed(self, before: Frame, after: Frame) -> None:
        """Called when there is a new frame, before it is painted."""

    def show(self, data: bytes) -> bytes:
        """Show a program's output; returns the terminal's answers. From any thread."""
        answers = self._emulator.feed(data)
        self._ask_for_paint()
        return answers

    def size_changed(self, answers: bytes) -> None:
        """Called when the emulator has a new size, with its answers to the program."""

    def scroll_rows(self, rows: int) -> None:
        """Scroll down by `rows`, up if negative."""
        self._emulator.scroll(rows)
        self._ask_for_paint()

    def scroll_to_end(self) -> None:
        """Show the screen again, if the view is scrolled."""
        if self._frame.scrolled:
            self._emulator.scroll_to_end()
            self._ask_for_paint()

    def select(self, x: int, y: int, unit: SelectionUnit) -> None:
        """Start a selection."""
        self._selected = True
        self._emulator.select(x, y, unit)
        self._ask_for_paint()

    def extend_selection(self, x: int, y: int) -> None:
        """Move the selection's end, scrolling if it is out of view."""
        if y < 0 or y >= self._frame.lines:
            self._emulator.scroll(y if y < 0 else y - self._frame.lines + 1)
        self._emulator.extend_selection(x, y)
        self._ask_for_paint()

    def unselect(self) -> None:
        """Clear the selection."""
        if self._selected:
            self._selected = False
            self._emulator.clear_selection()
            self._ask_for_paint()

    def render_line(self, y: int) -> Strip:
        self._notice_place()
        left, columns = self._painter.padding.left, self._columns
        return self._line(y).crop(left, left + columns)

    def render_lines(self, crop: Region) -> list[Strip]:
        # Textual's own way prepares borders, tints and opacity for each row; a terminal has none.
        self._notice_place()
        top = self._painter.padding.top
        return [self._line(y - top).crop(*crop.column_span) for y in crop.line_range]

    def _notice_place(self) -> None:
        """Handle a new size, or being shown, for which no event came.

        Textual sends neither Resize nor Show if the place of any widget was asked for between a scroll and the layout
        that brings this one up. It is rendered anyway.
        """
        if self._loop is not None and (self._stale or not self._fits):
            self.call_next(self._take_place)

    def _take_place(self) -> None:
        columns, lines = self.content_size
        if columns and lines and not self._fits:
            self._frame = Frame(
                columns=columns, lines=lines, title=self._frame.title, bells=self._frame.bells
            )
            answers = self._emulator.resize(columns, lines)
            self._stale = True
            self.size_changed(answers)
        if self._stale:
            self._paint()

    def _line(self, y: int) -> Strip:
        """A row between the blanks beside it, repainted only if something in it has changed."""
        painter, shown_cursor = self._painter, self.shown_cursor
        if not 0 <= y < self._frame.lines:
            return painter.empty(self._columns)
        row = self._rows.get(y, _BLANK)
        cursor = shown_cursor if shown_cursor is not None and shown_cursor.y == y else None
        note = self.note if y == 0 else ""
        shown = (painter, row, self._columns, cursor, self.has_focus, note)
        painted = self._painted.get(y)
        if painted is None or painted[0] != shown:
            strip = painter.paint(row, self._columns, cursor=cursor, focused=self.has_focus, note=note)
            painted = self._painted[y] = shown, strip
        return painted[1]

    @property
    def _fits(self) -> bool:
        """True if the emulator has the widget's size."""
        return self.content_size == (self._frame.columns, self._frame.lines)

    @property
    def _columns(self) -> int:
        """The number of cells in a row at the widget's current size; a frame can lag behind a resize."""
        return max(0, self.outer_size.width - self._painter.padding.width)

    @property
    def _painter(self) -> StripPainter:
        if self._painter_now is None:
            style = self.rich_style
            base = RichStyle(color=style.color, bgcolor=style.bgcolor)
            self._painter_now = StripPainter(
                base, self.gutter, self.get_line_filters(), self.background_colors[1]
            )
        return self._painter_now

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
        # Cleared first: input from here on asks for the next paint.
        self._paint_asked = False
        if self._loop is None or not self._frame.columns:
            return
        if not self.is_on_screen:
            self._stale = True
            return
        before, frame = self._frame, self._emulator.frame(full=self._stale)
        if self._stale:
            self._rows.clear()
        changed = {y for y, row in frame.rows.items() if self._rows.get(y) != row}
        self._rows.update(frame.rows)
        self._frame = frame
        self.frame_changed(before, frame)
        changed |= _moved(before.cursor, frame.cursor)
        if frame.cursor is not None and self.has_focus:
            # The place where screen readers read and input methods open, although Textual hides it.
            self.app.cursor_position = self.content_region.offset + Offset(frame.cursor.x, frame.cursor.y)
        if before.scrolled or frame.scrolled:
            changed.add(0)
        if self._stale or len(changed) > frame.lines // 2:
            self.refresh()
        elif changed:
            self._repaint(changed)
        self._stale = False
        self._painted_at = monotonic()
        if frame.bells != before.bells:
            self.app.bell()

    def _repaint(self, rows: set[int]) -> None:
        top = self._painter.padding.top
        if not paint_rows(self, [y + top for y in rows]):
            self.refresh(*(Region(0, y, self._frame.columns, 1) for y in rows))

    def on_mount(self) -> None:
        self._loop = asyncio.get_running_loop()
        # Callbacks from the reader's thread need the app that is active here.
        self._callback_context = contextvars.copy_context()

    def on_unmount(self) -> None:
        self._loop = None
        self._emulator.close()

    def on_resize(self) -> None:
        self._take_place()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        # The theme, for one, may have changed.
        self._painter_now = None
        _, _, background, foreground = self.colors
        self._emulator.set_colours(foreground.rgb, background.rgb)


def _moved(before: Cursor | None, after: Cursor | None) -> set[int]:
    return set() if before == after else {cursor.y for cursor in (before, after) if cursor is not None}
