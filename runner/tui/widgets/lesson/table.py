"""A table of the lesson."""

from collections.abc import Sequence
from itertools import zip_longest

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

_GAP = 2
_LEAST = 6


class TableContent(Visual):
    """Rows of cells in columns; where they do not fit beside each other, the widest wrap. The first is the head."""

    def __init__(self, rows: Sequence[Sequence[Content]]) -> None:
        self._rows = rows

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:  # noqa: ARG002 (Textual's signature)
        wanted = self._wanted(rules)
        return sum(wanted) + _GAP * (len(wanted) - 1)

    def get_minimal_width(self, rules: RulesMap) -> int:
        columns = len(self._wanted(rules))
        return _LEAST * columns + _GAP * (columns - 1)

    def get_height(self, rules: RulesMap, width: int) -> int:
        widths = self._widths(rules, width)
        return 1 + sum(
            max(cell.get_height(rules, column) for cell, column in zip(row, widths, strict=True))
            for row in self._rows
        )

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        widths = self._widths(options.rules, width)
        lines: list[Strip] = []
        for number, row in enumerate(self._rows):
            cells = [
                cell.render_strips(column, None, style, options)
                for cell, column in zip(row, widths, strict=True)
            ]
            lines += (self._joined(line, widths, style) for line in zip_longest(*cells))
            if number == 0:
                rules = [
                    Content("─" * column).render_strips(column, 1, style, options)[0] for column in widths
                ]
                lines.append(self._joined(rules, widths, style))
        return lines[:height]

    def _joined(self, line: Sequence[Strip | None], widths: Sequence[int], style: Style) -> Strip:
        blank = style.rich_style
        padded = [
            (strip or Strip([])).adjust_cell_length(column + _GAP, blank)
            for strip, column in zip(line, widths, strict=True)
        ]
        return Strip.join(padded)

    def _wanted(self, rules: RulesMap) -> list[int]:
        return [
            max(cell.get_optimal_width(rules, 0) for cell in column)
            for column in zip(*self._rows, strict=True)
        ]

    def _widths(self, rules: RulesMap, width: int) -> list[int]:
        """As wide as wanted, then the widest column narrower, cell by cell, until all fit or none can give more."""
        widths = self._wanted(rules)
        room = width - _GAP * (len(widths) - 1)
        while sum(widths) > room and max(widths) > _LEAST:
            widths[widths.index(max(widths))] -= 1
        return widths
