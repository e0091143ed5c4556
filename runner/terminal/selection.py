"""A selection of text in lines that are numbered from the first one in the scrollback."""

from collections.abc import Callable
from dataclasses import dataclass, field

from runner.terminal.emulator import SelectionUnit

LineText = Callable[[int], str]
"""The characters of a line by its number, one for each cell; a wide character's second cell is NUL."""

_Point = tuple[int, int]


@dataclass(slots=True)
class Selection:
    """From an anchor to a head, both ends included, grown to whole words or lines; points are (line, column)."""

    _anchor: tuple[_Point, _Point] | None = None
    _head: tuple[_Point, _Point] | None = None
    _unit: SelectionUnit = "cell"
    _changed: bool = field(default=False)

    def start(self, x: int, line: int, unit: SelectionUnit, text: LineText) -> None:
        """Begin; a cell alone is not selected until `extend`."""
        self._unit = unit
        self._anchor = self._grown(x, line, text)
        self._head = None if unit == "cell" else self._anchor
        self._changed = True

    def extend(self, x: int, line: int, text: LineText) -> None:
        """Move the head."""
        if self._anchor is not None:
            self._head = self._grown(x, line, text)
            self._changed = True

    def clear(self) -> None:
        """Select nothing."""
        self._changed = self._changed or self._head is not None
        self._anchor = self._head = None

    def changed(self) -> bool:
        """Whether the selection changed since this was last asked."""
        changed, self._changed = self._changed, False
        return changed

    def span(self, line: int, columns: int) -> tuple[int, int] | None:
        """The first and last selected column of a line."""
        ends = self._ends()
        if ends is None or not ends[0][0] <= line <= ends[1][0]:
            return None
        first = ends[0][1] if line == ends[0][0] else 0
        last = ends[1][1] if line == ends[1][0] else columns - 1
        return first, min(last, columns - 1)

    def text(self, text: LineText) -> str:
        """The selected text, without the blanks at the ends of lines."""
        ends = self._ends()
        if ends is None:
            return ""
        lines = []
        for number in range(ends[0][0], ends[1][0] + 1):
            line = text(number)
            first, last = self.span(number, max(1, len(line))) or (0, -1)
            lines.append(line[first : last + 1].replace("\0", "").rstrip(" "))
        return "\n".join(lines)

    def _ends(self) -> tuple[_Point, _Point] | None:
        if self._anchor is None or self._head is None:
            return None
        return min(self._anchor[0], self._head[0]), max(self._anchor[1], self._head[1])

    def _grown(self, x: int, line: int, text: LineText) -> tuple[_Point, _Point]:
        if self._unit == "cell":
            return (line, x), (line, x)
        content = text(line)
        if self._unit == "line":
            return (line, 0), (line, max(0, len(content) - 1))
        first = last = min(max(0, x), max(0, len(content) - 1))
        if content and content[first] != " ":
            while first > 0 and content[first - 1] != " ":
                first -= 1
            while last + 1 < len(content) and content[last + 1] != " ":
                last += 1
        return (line, first), (line, last)
