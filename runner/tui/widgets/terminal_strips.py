"""Rows of a terminal as Textual strips."""

from collections.abc import Callable
from functools import lru_cache

from rich.cells import cell_len, set_cell_size
from rich.color import Color, blend_rgb
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from runner.terminal.emulator import PLAIN, Colour, Cursor, Row, Run, Style

_Change = Callable[[RichStyle], RichStyle]


class StripPainter:
    """Paints rows over a base style: the theme's colours for a terminal's defaults."""

    def __init__(self, base: RichStyle) -> None:
        self._base = base

    def paint(self, row: Row, width: int, *, cursor: Cursor | None = None, focused: bool = True) -> Strip:
        """One line, exactly `width` cells wide; `cursor` only if it is in this row."""
        strip = Strip([self._segment(run) for run in row.runs]).adjust_cell_length(width, self._base)
        if row.selected is not None:
            first, last = row.selected
            strip = _restyle(strip, first, last + 1, _inverted)
        if cursor is not None and cursor.x < width:
            change = (_underlined if cursor.shape == "underline" else _inverted) if focused else self._faded
            strip = _restyle(strip, cursor.x, cursor.x + _width_at(strip, cursor.x), change)
        return strip

    def overlay(self, strip: Strip, text: str) -> Strip:
        """A line with a note over its right end."""
        width = strip.cell_length
        note = set_cell_size(text, min(width, cell_len(text)))
        kept = strip.crop(0, width - cell_len(note))
        return Strip.join([kept, Strip([Segment(note, _inverted(self._base))])])

    def _segment(self, run: Run) -> Segment:
        text = run.text
        if cell_len(text) != run.width:
            # The emulator and Rich disagree about a character; the row must not shift.
            text = set_cell_size(text, run.width)
        return Segment(text, self._base if run.style is PLAIN else _rich_style(run.style, self._base))

    def _faded(self, style: RichStyle) -> RichStyle:
        # Underlined too, for whoever sees no colours.
        marked = RichStyle(underline=True)
        if self._base.color and self._base.bgcolor:
            ink, paper = self._base.color.get_truecolor(), self._base.bgcolor.get_truecolor(foreground=False)
            marked += RichStyle(bgcolor=Color.from_triplet(blend_rgb(paper, ink, 0.35)))
        return style + marked


def _restyle(strip: Strip, start: int, end: int, change: _Change) -> Strip:
    width = strip.cell_length
    end = min(end, width)
    parts = [strip.crop(0, start), strip.crop(start, end), strip.crop(end, width)]
    changed = [
        Segment(segment.text, change(segment.style or RichStyle.null()), segment.control)
        for segment in parts[1]
    ]
    return Strip.join([parts[0], Strip(changed), parts[2]])


def _width_at(strip: Strip, x: int) -> int:
    text = strip.crop(x, x + 2).text
    return 2 if text and cell_len(text[0]) == 2 else 1


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
