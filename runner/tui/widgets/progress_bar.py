"""A bar with a text after it, on one line as long as the bar can be shorter."""

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual

_LONGEST, _SHORTEST = 20, 6


class ProgressBarContent(Visual):
    """A bar that is full to a `share` between 0 and 1, and a text; wrapped only where the shortest bar is too long."""

    def __init__(self, share: float, text: str) -> None:
        self._share = share
        self._text = Content(text)

    def _in(self, width: int) -> Content:
        length = max(_SHORTEST, min(_LONGEST, width - self._text.cell_length))
        full = round(length * self._share)
        bar = ("█" * full, "$success"), ("░" * (length - full), "$foreground 65%")
        return Content.assemble(*bar, self._text)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._in(container_width).get_optimal_width(rules, container_width)

    def get_minimal_width(self, rules: RulesMap) -> int:
        return self._in(_SHORTEST).get_minimal_width(rules)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._in(width).get_height(rules, width)

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return self._in(width).render_strips(width, height, style, options)
