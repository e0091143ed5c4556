"""The emulator in pure Python, for platforms without a wheel of libghostty-vt: about a hundredth of its speed."""

import threading
from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from itertools import groupby
from typing import Any

from runner.terminal.emulator import (
    PLAIN,
    Colour,
    Cursor,
    Frame,
    Modes,
    MouseFormat,
    MouseTracking,
    Row,
    Run,
    SelectionUnit,
    Style,
)
from runner.terminal.selection import Selection
from runner.terminal.width import WidthGuard

SLICE = 2048
"""Bytes interpreted under one hold of the lock: a few milliseconds."""

_CELLS_PER_LINE = 200
_TRACKING = {
    "x10": MouseTracking.PRESS,
    "normal": MouseTracking.NORMAL,
    "button": MouseTracking.DRAG,
    "any": MouseTracking.ANY,
}
_FORMATS = {"utf8": MouseFormat.UTF8, "sgr": MouseFormat.SGR, "urxvt": MouseFormat.URXVT}
_FLAGS = {
    "bold": "bold",
    "dim": "faint",
    "italic": "italic",
    "blink": "blink",
    "reverse": "inverse",
    "conceal": "invisible",
    "strike": "strike",
    "overline": "overline",
}


class BitttyEmulator:
    """`Emulator` on bittty. `scrollback` is in lines of ordinary length."""

    def __init__(self, columns: int, lines: int, *, scrollback: int = 10_000) -> None:
        bittty = import_module("bittty")
        base = import_module("bittty.terminals.base")
        store = import_module("bittty.terminals.scrollback")
        self._lock = threading.Lock()
        self._board: Any = bittty.Board(width=columns, height=lines)
        self._cable: Any = bittty.MemoryConnection()
        self._board.host.connection = self._cable
        self._chrome: Any = _chrome(base.Terminal)(
            self._board, store.MemoryScrollback(scrollback * _CELLS_PER_LINE)
        )
        self._chrome.attach()
        self._selection = Selection()
        self._guard = WidthGuard()
        self._size = (columns, lines)
        self._closed = False
        self._board.feed_host_data(b"\x1b[?2027h\x1b[?1007h")

    def feed(self, data: bytes) -> bytes:
        answers = b""
        for start in range(0, len(data), SLICE):
            with self._lock:
                if self._closed:
                    return answers
                self._board.feed_host_data(self._guard.filter(data[start : start + SLICE]))
                if (self._board.width, self._board.height) != self._size:
                    self._board.resize(*self._size)
                answers += self._take_answers()
        return answers

    def frame(self, *, full: bool = False) -> Frame:
        with self._lock:
            columns, lines = self._board.width, self._board.height
            history, above = self._history(), self._chrome.view_offset()
            view, damaged = self._chrome.view_rows(), self._chrome.damaged_rows()
            # bittty tracks changes of the screen alone.
            if self._selection.changed() or full or above:
                damaged = range(lines)
            top = history - above
            rows = {y: self._row(view[y], top + y, columns) for y in damaged}
            position = self._board.display.cursor
            cursor = None
            if position is not None and position[1] + above < lines:
                cursor = Cursor(position[0], position[1] + above, self._board.cursor.shape)
            return Frame(
                columns=columns,
                lines=lines,
                rows=rows,
                cursor=cursor,
                title=self._chrome.shown_title,
                history=history,
                scrolled=above,
                bells=self._chrome.bells,
            )

    def modes(self) -> Modes:
        with self._lock:
            return self._modes()

    def resize(self, columns: int, lines: int) -> bytes:
        with self._lock:
            self._selection.clear()
            self._size = (columns, lines)
            self._board.resize_from_frontend(columns, lines)
            return self._take_answers()

    def set_colours(self, foreground: tuple[int, int, int], background: tuple[int, int, int]) -> None:
        with self._lock:
            self._board.palette.foreground = foreground
            self._board.palette.background = background

    def scroll(self, rows: int) -> None:
        with self._lock:
            self._chrome.scroll_view(rows)

    def scroll_to_end(self) -> None:
        with self._lock:
            self._chrome.scroll_to_bottom()

    def select(self, x: int, y: int, unit: SelectionUnit = "cell") -> None:
        with self._lock:
            self._selection.start(x, self._absolute(y), unit, self._line_text)

    def extend_selection(self, x: int, y: int) -> None:
        with self._lock:
            self._selection.extend(x, self._absolute(y), self._line_text)

    def clear_selection(self) -> None:
        with self._lock:
            self._selection.clear()

    def selected_text(self) -> str:
        with self._lock:
            return self._selection.text(self._line_text)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._chrome.detach()

    def _history(self) -> int:
        rows: int = len(self._chrome.scrollback.width(self._board.width))
        return rows

    def _absolute(self, y: int) -> int:
        y = min(max(0, y), self._board.height - 1)
        top: int = self._history() - self._chrome.view_offset()
        return top + y

    def _line_text(self, row: int) -> str:
        history = self._history()
        if row < history:
            cells = self._chrome.scrollback.width(self._board.width)[row]
        else:
            cells = self._board.display.page.line(row - history).cells
        return "".join(char or "\0" for _, char in cells)

    def _take_answers(self) -> bytes:
        parts = [part.encode() if isinstance(part, str) else part for part in self._cable.data]
        self._cable.data.clear()
        return b"".join(parts)

    def _modes(self) -> Modes:
        modes, mouse = self._board.modes, self._board.mouse
        return Modes(
            alternate_screen=self._board.blitter.in_alt_screen,
            application_cursor=modes.cursor_application_mode,
            application_keypad=modes.application_keypad,
            backarrow_sends_backspace=modes.backarrow_key_sends_bs,
            bracketed_paste=modes.bracketed_paste,
            focus_events=modes.focus_reporting,
            alternate_scroll=modes.alternate_scroll_mode,
            newline=modes.linefeed_newline_mode,
            mouse=_TRACKING.get(mouse.protocol.value, MouseTracking.NONE),
            mouse_format=_FORMATS.get(mouse.encoding.value, MouseFormat.X10),
        )

    def _row(self, cells: Sequence[tuple[Any, str]], number: int, columns: int) -> Row:
        runs: list[Run] = []
        for style, group in groupby(cells[:columns], key=lambda cell: cell[0]):
            runs += _runs([char for _, char in group], _style(style))
        while runs and runs[-1].style == PLAIN and not runs[-1].text.strip(" "):
            runs.pop()
        return Row(tuple(runs), self._selection.span(number, columns))


def _runs(chars: Sequence[str], style: Style) -> list[Run]:
    """Neighbouring cells of one style; a glyph of several characters or two cells is a run of its own."""
    runs: list[Run] = []
    plain = ""
    for x, char in enumerate(chars):
        wide = bool(char) and x + 1 < len(chars) and not chars[x + 1]
        if len(char) == 1 and not wide:
            plain += char
            continue
        if plain:
            runs.append(Run(plain, len(plain), style))
            plain = ""
        if char:
            runs.append(Run(char, 2 if wide else 1, style))
    return [*runs, Run(plain, len(plain), style)] if plain else runs


@lru_cache(maxsize=4096)
def _style(style: Any) -> Style:
    flags: dict[str, Any] = {ours: bool(getattr(style, theirs)) for theirs, ours in _FLAGS.items()}
    return Style(
        foreground=_colour(style.fg),
        background=_colour(style.bg),
        underline=bool(style.underline),
        **flags,
    )


def _colour(colour: Any) -> Colour:
    return None if colour is None or colour.mode == "default" else colour.value


def _chrome(base: Any) -> Any:
    """The class of what bittty tells of bells and titles; made here, since its base is only imported when needed."""

    class Chrome(base):  # type: ignore[misc]  # bittty has no types
        bells = 0
        shown_title = ""

        def on_bell(self) -> None:
            self.bells += 1

        def on_title(self, title: str, icon_title: str) -> None:  # noqa: ARG002 (bittty's signature)
            self.shown_title = title

    return Chrome
