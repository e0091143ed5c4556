"""A table of the lesson."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

from runner.tui.widgets.lesson.hanging import HangingContent

_GAP = 2
_INDENT = "  "


class TableContent(Visual):
    """Rows of cells in columns, the first row being the head.

    If they do not fit, the widest columns wrap between words.

    If not even the longest words of the columns fit beside each other, each row becomes a few lines: its first cell,
    and below it the others, each after the head of its column.
    """

    def __init__(self, rows: Sequence[Sequence[Content]]) -> None:
        self._rows = rows
        columns = list(zip(*rows, strict=True))
        self._least = [max(map(_longest_word, column)) for column in columns]

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:  # noqa: ARG002 (Textual's signature)
        wanted = self._wanted(rules)
        return sum(wanted) + _GAP * (len(wanted) - 1)

    def get_minimal_width(self, rules: RulesMap) -> int:  # noqa: ARG002 (as above)
        return max(self._least)

    def get_height(self, rules: RulesMap, width: int) -> int:
        widths = self._widths(rules, width)
        if widths is None:
            return sum(line.get_height(rules, width) for line in self._listed())
        return 1 + sum(
            max(cell.get_height(rules, column) for cell, column in zip(row, widths, strict=True))
            for row in self._rows
        )

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        widths = self._widths(options.rules, width)
        lines: list[Strip] = []
        if widths is None:
            for entry in self._listed():
                lines += entry.render_strips(width, None, style, options)
            return lines[:height]
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

    def _listed(self) -> Iterator[Visual]:
        """Each row as separate lines, with a blank one between two rows."""
        head, *rows = self._rows
        for number, row in enumerate(rows):
            if number:
                yield Content(" ")
            yield row[0]
            for name, cell in zip(head[1:], row[1:], strict=True):
                text = Content.assemble(name, ": ", cell) if name.plain.strip() else cell
                yield HangingContent(Content(_INDENT), text)

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

    def _widths(self, rules: RulesMap, width: int) -> list[int] | None:
        """The full widths, then narrower by taking from the widest column, cell by cell, until all fit."""
        widths = self._wanted(rules)
        room = width - _GAP * (len(widths) - 1)
        if sum(self._least) > room:
            return None
        while sum(widths) > room:
            spare = [
                (wide, -place)
                for place, (wide, least) in enumerate(zip(widths, self._least, strict=True))
                if wide > least
            ]
            widths[-max(spare)[1]] -= 1
        return widths


def _longest_word(cell: Content) -> int:
    return max((Content(word).cell_length for word in cell.plain.split()), default=1)
