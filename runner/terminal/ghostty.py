"""The emulator on libghostty-vt: fast, reflowing, and complete enough for any program a learner starts."""

import ctypes
import threading
from ctypes import byref, c_bool, c_int32, c_size_t, c_uint16, c_void_p
from typing import Any

from runner.terminal.emulator import (
    Cursor,
    Frame,
    Modes,
    MouseFormat,
    MouseTracking,
    SelectionUnit,
)
from runner.terminal.ghostty_abi import BELL_FN, WRITE_FN, Abi, ByValue, load
from runner.terminal.ghostty_rows import RowReader
from runner.terminal.width import WidthGuard

SLICE = 16 * 1024
"""Bytes interpreted under one hold of the lock: about 0.2 ms."""

SCROLLBACK_BYTES = 10 << 20
"""The limit of the scrollback: about 10,000 lines of 100 columns. The library's own default is a page or two."""

_NO_LIMIT = 1 << 40

_CELL_PIXELS = (8, 16)
_SHAPES = {"BLOCK": "block", "BLOCK_HOLLOW": "block", "UNDERLINE": "underline", "BAR": "bar"}
_CLUSTERS = 2027
"""The mode in which grapheme clusters have a width, as Rich measures text."""
_DELETE = b"\x7f"


class GhosttyEmulator:
    """`Emulator` on libghostty-vt.

    `scrollback` is in bytes. Raises NoEmulatorError if there is no library.
    """

    def __init__(self, columns: int, lines: int, *, scrollback: int = SCROLLBACK_BYTES) -> None:
        self._abi: Abi = load()
        self._lib = self._abi.lib
        self._lock = threading.Lock()
        self._size = (columns, lines)
        self._guard = WidthGuard()
        self._replies: list[bytes] = []
        self._bells = 0
        self._anchor = c_void_p()
        self._unit: SelectionUnit = "cell"
        self._data = self._abi.enum("GhosttyTerminalData")
        self._options = self._abi.enum("GhosttyTerminalOption")
        self._terminal, self._render = c_void_p(), c_void_p()
        self._check(
            self._lib.ghostty_terminal_new(None, byref(self._terminal), columns, lines), "new terminal"
        )
        self._check(self._lib.ghostty_render_state_new(None, byref(self._render)), "new render state")
        self._rows = RowReader(self._abi, self._render)
        # ctypes callbacks live as long as these references do.
        self._on_write = WRITE_FN(
            lambda _t, _u, data, size: self._replies.append(ctypes.string_at(data, size))
        )
        self._on_bell = BELL_FN(lambda _t, _u: self._ring())
        self._set("WRITE_PTY", self._on_write)
        self._set("BELL", self._on_bell)
        # Limited in bytes only: a limit in lines makes a flood five times slower.
        self._set("SCROLLBACK_MAX_LINES", byref(c_size_t(_NO_LIMIT)))
        self._set("SCROLLBACK_MAX_BYTES", byref(c_size_t(scrollback)))
        self._lib.ghostty_terminal_resize(self._terminal, columns, lines, *_CELL_PIXELS)
        clusters = self._abi.new("GhosttyTerminalModeConfig", mode=_CLUSTERS, value=True)
        # As a default too: a reset, as the program of that name sends one, keeps it.
        for option in ("MODE_DEFAULT", "MODE"):
            self._set(option, byref(clusters))

    def feed(self, data: bytes) -> bytes:
        answers = b""
        for start in range(0, len(data), SLICE):
            part = data[start : start + SLICE]
            with self._lock:
                if not self._terminal:
                    return b""
                # The library would show it; a terminal ignores it everywhere.
                part = self._guard.filter(part.replace(_DELETE, b""))
                self._lib.ghostty_terminal_vt_write(self._terminal, part, len(part))
                self._keep_size()
                answers += self._take_replies()
        return answers

    def frame(self, *, full: bool = False) -> Frame:
        with self._lock:
            self._check(self._lib.ghostty_render_state_update(self._render, self._terminal), "update")
            columns, lines = self._size
            bar = self._abi.new("GhosttyTerminalScrollbar")
            self._get("SCROLLBAR", bar)
            above = max(0, bar.total - lines)
            return Frame(
                columns=columns,
                lines=lines,
                rows=self._rows.read(full=full),
                cursor=self._cursor(),
                title=self._title(),
                history=above,
                scrolled=max(0, above - bar.offset),
                bells=self._bells,
            )

    def modes(self) -> Modes:
        with self._lock:
            return self._modes()

    def resize(self, columns: int, lines: int) -> bytes:
        with self._lock:
            self._size = (columns, lines)
            self._check(
                self._lib.ghostty_terminal_resize(self._terminal, columns, lines, *_CELL_PIXELS), "resize"
            )
            return self._take_replies()

    def set_colours(self, foreground: tuple[int, int, int], background: tuple[int, int, int]) -> None:
        with self._lock:
            if not self._terminal:
                return
            for option, (r, g, b) in (("COLOR_FOREGROUND", foreground), ("COLOR_BACKGROUND", background)):
                self._set(option, byref(self._abi.new("GhosttyColorRgb", r=r, g=g, b=b)))

    def scroll(self, rows: int) -> None:
        self._scroll("DELTA", rows)

    def scroll_to_end(self) -> None:
        self._scroll("BOTTOM", 0)

    def select(self, x: int, y: int, unit: SelectionUnit = "cell") -> None:
        with self._lock:
            self._drop_selection()
            self._unit = unit
            point = self._point(x, y)
            if self._lib.ghostty_terminal_grid_ref_track(self._terminal, point, byref(self._anchor)) != 0:
                self._anchor = c_void_p()
            elif unit != "cell":
                self._extend(x, y)

    def extend_selection(self, x: int, y: int) -> None:
        with self._lock:
            self._extend(x, y)

    def clear_selection(self) -> None:
        with self._lock:
            self._drop_selection()

    def selected_text(self) -> str:
        with self._lock:
            selection = self._abi.new("GhosttySelection")
            if not self._get("SELECTION", selection):
                return ""
            options = self._abi.new("GhosttyTerminalSelectionFormatOptions", unwrap=True, trim=True)
            options.selection = ctypes.addressof(selection)
            size = c_size_t()
            write = self._lib.ghostty_terminal_selection_format_buf
            write(self._terminal, options, None, 0, byref(size))
            buffer = ctypes.create_string_buffer(max(1, size.value))
            self._check(write(self._terminal, options, buffer, len(buffer), byref(size)), "copy")
            return buffer.raw[: size.value].decode(errors="replace")

    def close(self) -> None:
        with self._lock:
            self._drop_anchor()
            self._rows.close()
            self._lib.ghostty_render_state_free(self._render)
            self._lib.ghostty_terminal_free(self._terminal)
            self._terminal = self._render = c_void_p()

    def _ring(self) -> None:
        self._bells += 1

    def _keep_size(self) -> None:
        columns, lines = c_uint16(), c_uint16()
        self._get("COLS", columns)
        self._get("ROWS", lines)
        if (columns.value, lines.value) != self._size:
            self._lib.ghostty_terminal_resize(self._terminal, *self._size, *_CELL_PIXELS)

    def _take_replies(self) -> bytes:
        answers = b"".join(self._replies)
        self._replies.clear()
        return answers

    def _scroll(self, tag: str, rows: int) -> None:
        tags = self._abi.enum("GhosttyTerminalScrollViewportTag")
        with self._lock:
            how = ByValue(tag=tags[tag], first=rows % (1 << 64))
            self._lib.ghostty_terminal_scroll_viewport(self._terminal, how)

    def _cursor(self) -> Cursor | None:
        cursor = self._abi.new("GhosttyRenderStateCursor")
        data = self._abi.enum("GhosttyRenderStateData")
        self._lib.ghostty_render_state_get(self._render, data["CURSOR"], byref(cursor))
        if not (cursor.visible and cursor.viewport_has_value):
            return None
        names = self._abi.enum("GhosttyRenderStateCursorVisualStyle")
        shape = next((name for name, value in names.items() if value == cursor.visual_style), "BLOCK")
        x = cursor.viewport_x - (1 if cursor.wide_tail else 0)
        return Cursor(x, cursor.viewport_y, _SHAPES.get(shape, "block"))  # type: ignore[arg-type]  # the values are the literals

    def _modes(self) -> Modes:
        tracking, format_ = MouseTracking.NONE, MouseFormat.X10
        flag = c_bool()
        self._get("MOUSE_TRACKING", flag)
        if flag.value:
            wanted = [level for level in MouseTracking if level and self._mode(level)]
            tracking = max(wanted, default=MouseTracking.NONE)
            formats = {1005: MouseFormat.UTF8, 1015: MouseFormat.URXVT, 1006: MouseFormat.SGR}
            for mode, candidate in formats.items():
                format_ = candidate if self._mode(mode) else format_
        screen = c_int32()
        self._get("ACTIVE_SCREEN", screen)
        return Modes(
            alternate_screen=screen.value == self._abi.enum("GhosttyTerminalScreen")["ALTERNATE"],
            application_cursor=self._mode(1),
            backarrow_sends_backspace=self._mode(67),
            bracketed_paste=self._mode(2004),
            focus_events=self._mode(1004),
            alternate_scroll=self._mode(1007),
            newline=self._mode(20, ansi=True),
            mouse=tracking,
            mouse_format=format_,
        )

    def _mode(self, number: int, *, ansi: bool = False) -> bool:
        asked = self._abi.new("GhosttyTerminalModeConfig", mode=number | ansi << 15)
        return self._get("MODE", asked) and bool(asked.value)

    def _title(self) -> str:
        title = self._abi.new("GhosttyString")
        if not self._get("TITLE", title) or not title.ptr:
            return ""
        return ctypes.string_at(title.ptr, title.len).decode(errors="replace")

    def _point(self, x: int, y: int) -> ByValue:
        columns, lines = self._size
        x, y = min(max(0, x), columns - 1), min(max(0, y), lines - 1)
        return ByValue(tag=self._abi.enum("GhosttyPointTag")["VIEWPORT"], first=x | y << 32)

    def _extend(self, x: int, y: int) -> None:
        if not self._anchor:
            return
        start, end = self._abi.new("GhosttyGridRef"), self._abi.new("GhosttyGridRef")
        if self._lib.ghostty_tracked_grid_ref_snapshot(self._anchor, byref(start)) != 0:
            self._drop_selection()  # the line has left the scrollback
            return
        self._check(
            self._lib.ghostty_terminal_grid_ref(self._terminal, self._point(x, y), byref(end)), "grid ref"
        )
        selection = self._abi.new("GhosttySelection", start=start, end=end)
        if self._unit != "cell":
            selection = self._widen(start, end) or selection
        self._set("SELECTION", byref(selection))

    def _widen(self, start: Any, end: Any) -> Any:
        pick, options = {
            "word": (self._lib.ghostty_terminal_select_word, "GhosttyTerminalSelectWordOptions"),
            "line": (self._lib.ghostty_terminal_select_line, "GhosttyTerminalSelectLineOptions"),
        }[self._unit]
        parts = []
        for ref in (start, end):
            part = self._abi.new("GhosttySelection")
            if pick(self._terminal, byref(self._abi.new(options, ref=ref)), byref(part)) != 0:
                return None
            parts.append(part)
        backwards = self._before(end, start)
        first, last = (parts[1], parts[0]) if backwards else (parts[0], parts[1])
        return self._abi.new("GhosttySelection", start=first.start, end=last.end)

    def _before(self, one: Any, other: Any) -> bool:
        places = []
        for ref in (one, other):
            place = self._abi.new("GhosttyPointCoordinate")
            screen = self._abi.enum("GhosttyPointTag")["SCREEN"]
            self._lib.ghostty_terminal_point_from_grid_ref(self._terminal, byref(ref), screen, byref(place))
            places.append((place.y, place.x))
        return places[0] < places[1]

    def _drop_selection(self) -> None:
        self._drop_anchor()
        self._set("SELECTION", None)

    def _drop_anchor(self) -> None:
        if self._anchor:
            self._lib.ghostty_tracked_grid_ref_free(self._anchor)
            self._anchor = c_void_p()

    def _set(self, option: str, value: Any) -> None:
        self._check(self._lib.ghostty_terminal_set(self._terminal, self._options[option], value), option)

    def _get(self, what: str, into: Any) -> bool:
        return bool(self._lib.ghostty_terminal_get(self._terminal, self._data[what], byref(into)) == 0)

    def _check(self, result: int, what: str) -> None:
        if result != 0:
            raise RuntimeError(f"libghostty-vt: {what} failed with {result}")
