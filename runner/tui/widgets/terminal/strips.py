"""Rows of a terminal as Textual strips."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.color import Color, blend_rgb
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color as TextualColor
from textual.filter import LineFilter
from textual.geometry import Spacing
from textual.strip import Strip

from runner.terminal.emulator import PLAIN, Colour, Cursor, Row, Run, Style

_Change = Callable[[RichStyle], RichStyle]
_Line = list[Segment]
"""A line under construction: a strip has so many caches that it is made once, at the end."""


class StripPainter:
    """Paints rows over a base style, with the theme's colours as a terminal's defaults, between blanks of `padding`.

    `filters` are the app's, with the background colour for them.
    """

    def __init__(
        self, base: RichStyle, padding: Spacing, filters: Sequence[LineFilter], background: TextualColor
    ) -> None:
        self._base = base
        self._filters = filters
        self._background = background
        self.padding = padding

    def paint(
        self, row: Row, width: int, *, cursor: Cursor | None = None, focused: bool = True, note: str = ""
    ) -> Strip:
        """One line, `width` cells and the padding wide; `cursor` only if it is in this row, `note` at its right end."""
        line = [self._segment(run) for run in row.runs]
        line = Segment.adjust_line_length(line, width, self._base)
        if row.selected is not None:
            first, last = row.selected
            line = _restyle(line, first, last + 1, _inverted)
        if cursor is not None and cursor.x < width:
            change = (_underlined if cursor.shape == "underline" else _inverted) if focused else self._faded
            line = _restyle(line, cursor.x, cursor.x + _width_at(line, cursor.x), change)
        if note:
            line = self._overlay(line, width, note)
        return self._finished([self._blank(self.padding.left), *line, self._blank(self.padding.right)])

    def empty(self, width: int) -> Strip:
        """A line of the padding above or below, as wide as a row with its blanks."""
        return self._finished([self._blank(self.padding.left + width + self.padding.right)])

    def _finished(self, line: _Line) -> Strip:
        for line_filter in self._filters:
            line = line_filter.apply(line, self._background)
        return Strip(line)

    def _blank(self, width: int) -> Segment:
        return Segment(" " * width, self._base)

    def _overlay(self, line: _Line, width: int, text: str) -> _Line:
        note = set_cell_size(text, min(width, cell_len(text)))
        kept = Segment.adjust_line_length(line, width - cell_len(note), self._base)
        return [*kept, Segment(note, _inverted(self._base))]

    def _segment(self, run: Run) -> Segment:
        text = run.text
        if cell_len(text) != run.width:
            # The emulator and Rich disagree about a character; the row must not shift.
            text = set_cell_size(text, run.width)
        return Segment(text, self._base if run.style is PLAIN else _rich_style(run.style, self._base))

    def _faded(self, style: RichStyle) -> RichStyle:
        # Underlined too, for people who see no colours.
        marked = RichStyle(underline=True)
        if self._base.color and self._base.bgcolor:
            ink, paper = self._base.color.get_truecolor(), self._base.bgcolor.get_truecolor(foreground=False)
            marked += RichStyle(bgcolor=Color.from_triplet(blend_rgb(paper, ink, 0.35)))
        return style + marked


def _restyle(line: _Line, start: int, end: int, change: _Change) -> _Line:
    before, inside, *after = Segment.divide(line, [start, end, Segment.get_line_length(line)])
    changed = [Segment(text, change(style or RichStyle.null())) for text, style, _ in inside]
    return [*before, *changed, *(segment for part in after for segment in part)]


def _width_at(line: _Line, x: int) -> int:
    for text, _, _ in line:
        width = cell_len(text)
        if x < width:
            # A wide character that is cut becomes blank.
            rest = Segment(text).split_cells(x)[1].text
            return 2 if cell_len(rest[0]) == 2 else 1
        x -= width
    return 1


def _inverted(style: RichStyle) -> RichStyle:
    return style + RichStyle(reverse=not style.reverse)


def _underlined(style: RichStyle) -> RichStyle:
    return style + RichStyle(underline=not style.underline)


@lru_cache(maxsize=4096)
def _rich_style(style: Style, base: RichStyle) -> RichStyle:
    return RichStyle(
        color=_colour(style.foreground) or base.color,
        bgcolor=_colour(style.background) or base.bgcolor,
        bold=style.bold,
        dim=style.faint,
        italic=style.italic,
        underline=style.underline,
        blink=style.blink,
        reverse=style.inverse,
        conceal=style.invisible,
        strike=style.strike,
        overline=style.overline,
    )


def _colour(colour: Colour) -> Color | None:
    if colour is None:
        return None
    return Color.from_ansi(colour) if isinstance(colour, int) else Color.from_rgb(*colour)
