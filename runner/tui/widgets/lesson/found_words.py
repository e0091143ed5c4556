"""Words that were searched for, marked where they are shown."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.style import Style as RichStyle
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual, VisualType
from textual.widget import Widget
from textual.widgets import Static

from runner.tui.widgets.lesson.sought import texts_in

_MARKED = RichStyle(reverse=True)
"""Seen without any colour too."""


class FoundWords:
    """Marks words in the texts of a widget, as long as these show what they showed then."""

    def __init__(self) -> None:
        self._marked: list[tuple[Static, VisualType, Visual]] = []
        """The texts, with what they showed before, and what they show instead."""

    def mark(self, whole: Widget, words: Sequence[str]) -> None:
        """Mark every one of `words`, folded as for a search, instead of those that are marked."""
        self.unmark()
        for text in texts_in(whole):
            if isinstance(text, Static):
                before, marked = text.content, _Marked(text.visual, words)
                text.update(marked, layout=False)
                self._marked.append((text, before, marked))

    def unmark(self) -> None:
        """Show the texts as they were; one that shows something new stays so."""
        for text, before, marked in self._marked:
            if text.content is marked:
                text.update(before, layout=False)
        self._marked.clear()


class _Marked(Visual):
    """A visual in which words are marked; one that is broken at the end of a line is not."""

    def __init__(self, plain: Visual, words: Sequence[str]) -> None:
        self._plain = plain
        self._words = words

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        return self._plain.get_optimal_width(rules, container_width)

    def get_minimal_width(self, rules: RulesMap) -> int:
        return self._plain.get_minimal_width(rules)

    def get_height(self, rules: RulesMap, width: int) -> int:
        return self._plain.get_height(rules, width)

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        return [self._with_marks(line) for line in self._plain.render_strips(width, height, style, options)]

    def _with_marks(self, line: Strip) -> Strip:
        parts: list[Strip] = []
        done = 0
        for start, end in _places(line.text, self._words):
            parts += [line.crop(done, start), line.crop(start, end).apply_style(_MARKED)]
            done = end
        return Strip.join([*parts, line.crop(done)]) if parts else line


def _places(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The cells of a line where the words are, from the left; where two overlap, the first one's."""
    from runner.lab.search import folded

    plain = folded(text)
    at = 0
    while found := [(place, -len(word)) for word in words if (place := plain.find(word, at)) >= 0]:
        place, length = min(found)
        at = place - length
        yield cell_len(text[:place]), cell_len(text[:at])
