"""libghostty-vt's packed cells as rows of styled runs."""

from ctypes import byref, c_uint16, c_uint32, c_uint64, c_void_p
from itertools import groupby
from typing import Any

from runner.terminal.emulator import PLAIN, Colour, Row, Run, Style
from runner.terminal.ghostty_abi import Abi

_FLAGS = {
    "bold": "bold",
    "italic": "italic",
    "faint": "faint",
    "blink": "blink",
    "inverse": "inverse",
    "invisible": "invisible",
    "strikethrough": "strike",
    "overline": "overline",
}


class RowReader:
    """Reads the dirty rows of a render state; used under the emulator's lock."""

    def __init__(self, abi: Abi, render: c_void_p) -> None:
        self._abi, self._lib, self._render = abi, abi.lib, render
        self._iterator, self._cells = c_void_p(), c_void_p()
        self._lib.ghostty_render_state_row_iterator_new(None, byref(self._iterator))
        self._lib.ghostty_render_state_row_cells_new(None, byref(self._cells))
        self._row_data = abi.enum("GhosttyRenderStateRowData")
        self._cell_data = abi.enum("GhosttyRenderStateRowCellsData")
        self._content, self._wide = abi.cell_bits("content"), abi.cell_bits("wide")
        self._tag, self._style_id = abi.cell_bits("content_tag"), abi.cell_bits("style_id")
        self._codepoint = abi.codepoint_mask()
        self._tags, self._widths = abi.enum("GhosttyCellContentTag"), abi.enum("GhosttyCellWide")
        kinds = (self._tag, self._style_id, self._wide)
        self._blank = self._tag.to(self._tags["CODEPOINT"]) | self._wide.to(self._widths["NARROW"])
        self._kind = sum(bits.mask << bits.shift for bits in kinds)
        self._style = abi.new("GhosttyStyle")
        self._styles: dict[bytes, Style] = {}

    def read(self, *, full: bool) -> dict[int, Row]:
        """The rows that changed since the last call, or all of them, by their number from the top."""
        iterator = self._abi.enum("GhosttyRenderStateData")["ROW_ITERATOR"]
        self._lib.ghostty_render_state_get(self._render, iterator, byref(self._iterator))
        rows: dict[int, Row] = {}
        if full:
            while self._lib.ghostty_render_state_row_iterator_next(self._iterator):
                rows[len(rows)] = self._row()
        else:
            y = c_uint16()
            while self._lib.ghostty_render_state_row_iterator_next_dirty(self._iterator, byref(y)):
                rows[y.value] = self._row()
        self._lib.ghostty_render_state_clean(self._render)
        return rows

    def close(self) -> None:
        """Free the allocated objects."""
        self._lib.ghostty_render_state_row_cells_free(self._cells)
        self._lib.ghostty_render_state_row_iterator_free(self._iterator)

    def _row(self) -> Row:
        view = self._abi.new("GhosttyCellsView")
        self._row_get("CELLS_RAW", view)
        cells: list[int] = (c_uint64 * view.len).from_address(view.ptr)[:] if view.len else []
        while cells and cells[-1] == self._blank:
            cells.pop()
        self._row_get("CELLS", self._cells)
        return Row(tuple(self._runs(cells)), self._selected())

    def _selected(self) -> tuple[int, int] | None:
        span = self._abi.new("GhosttyRenderStateRowSelection")
        return (span.start_x, span.end_x) if self._row_get("SELECTION", span) else None

    def _runs(self, cells: list[int]) -> list[Run]:
        runs: list[Run] = []
        x = 0
        for kind, group in groupby(cells, key=self._kind.__and__):
            members = list(group)
            style = self._style_at(x) if self._style_id.of(kind) else PLAIN
            runs += self._group(x, members, kind, style)
            x += len(members)
        while runs and runs[-1].style is PLAIN and not runs[-1].text.strip(" "):
            runs.pop()
        return runs

    def _group(self, x: int, cells: list[int], kind: int, style: Style) -> list[Run]:
        wide, tag = self._wide.of(kind), self._tag.of(kind)
        if wide == self._widths["SPACER_TAIL"]:
            return []
        width = 2 if wide == self._widths["WIDE"] else 1
        if tag == self._tags["CODEPOINT"]:
            shift, mask = self._content.shift, self._codepoint
            text = "".join([chr(cell >> shift & mask or 32) for cell in cells])
            return [Run(text, width * len(text), style)]
        if tag == self._tags["CODEPOINT_GRAPHEME"]:
            return [Run(self._cluster(x + offset), width, style) for offset in range(len(cells))]
        colours = groupby(cells, key=self._content.of)
        lengths = [(content, len(list(group))) for content, group in colours]
        return [Run(" " * length, length, self._filled(content, tag)) for content, length in lengths]

    def _cluster(self, x: int) -> str:
        length = c_uint32()
        self._cell_get(x, "GRAPHEMES_LEN", length)
        points = (c_uint32 * max(1, length.value))()
        self._cell_get(x, "GRAPHEMES_BUF", points)
        return "".join(map(chr, points[: length.value]))

    def _filled(self, content: int, tag: int) -> Style:
        if tag == self._tags["BG_COLOR_PALETTE"]:
            return Style(background=content & 0xFF)
        return Style(background=(content & 0xFF, content >> 8 & 0xFF, content >> 16 & 0xFF))

    def _style_at(self, x: int) -> Style:
        self._cell_get(x, "STYLE", self._style)
        key = bytes(self._style)
        found = self._styles.get(key)
        if found is None:
            # A stream can use any number of true colours.
            if len(self._styles) >= 4096:
                self._styles.clear()
            found = self._styles[key] = self._convert(self._style)
        return found

    def _convert(self, style: Any) -> Style:
        flags: dict[str, Any] = {ours: bool(getattr(style, theirs)) for theirs, ours in _FLAGS.items()}
        return Style(
            foreground=self._colour(style.fg_color),
            background=self._colour(style.bg_color),
            underline=style.underline != 0,
            **flags,
        )

    def _colour(self, colour: Any) -> Colour:
        tags = self._abi.enum("GhosttyStyleColorTag")
        first, second, third = bytes(colour.value)[:3]
        if colour.tag == tags["PALETTE"]:
            return first
        return (first, second, third) if colour.tag == tags["RGB"] else None

    def _row_get(self, what: str, into: Any) -> bool:
        return bool(
            self._lib.ghostty_render_state_row_get(self._iterator, self._row_data[what], byref(into)) == 0
        )

    def _cell_get(self, x: int, what: str, into: Any) -> None:
        self._lib.ghostty_render_state_row_cells_select(self._cells, x)
        self._lib.ghostty_render_state_row_cells_get(self._cells, self._cell_data[what], byref(into))
