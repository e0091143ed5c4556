"""Text with a mark before it."""

from collections.abc import Sequence

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual
from textual.widgets import Static


class Hanging(Static):
    """A mark, and text beside it whose wrapped lines start where the first one does."""

    def __init__(self, mark: Content, text: Content, *, classes: str | None = None) -> None:
        super().__init__(HangingContent(mark, text), classes=classes)

    def show(self, mark: Content, text: Content) -> None:
        """Replace the mark and the text."""
        self.update(HangingContent(mark, text))


class HangingContent(Visual):
    """The content of a `Hanging`: the mark, and the text in the columns right of it."""

    def __init__(self, mark: Content, text: Content) -> None:
        self._mark = mark
        self._text = text

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._mark.cell_length + self._text.get_optimal_width(rules, container_width)

    def get_minimal_width(self, rules: RulesMap) -> int:
        return self._mark.cell_length + self._text.get_minimal_width(rules)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._text.get_height(rules, max(1, width - self._mark.cell_length))

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        beside = self._mark.cell_length
        lines = self._text.render_strips(max(1, width - beside), height, style, options)
        marked = self._mark.render_strips(beside, 1, style, options) if beside else []
        blank = Strip.blank(beside, style.rich_style)
        return [
            Strip.join([*(marked if number == 0 else [blank]), line]) for number, line in enumerate(lines)
        ]


class StackedContent(Visual):
    """Several visuals, one below the other."""

    def __init__(self, parts: Sequence[Visual]) -> None:
        self._parts = parts

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return max((part.get_optimal_width(rules, container_width) for part in self._parts), default=0)

    def get_minimal_width(self, rules: RulesMap) -> int:
        return max((part.get_minimal_width(rules) for part in self._parts), default=0)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return sum(part.get_height(rules, width) for part in self._parts)

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        lines = [line for part in self._parts for line in part.render_strips(width, None, style, options)]
        return lines[:height]
