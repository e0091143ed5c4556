"""The place of words in what a widget shows."""

from collections.abc import Iterator, Sequence

from textual.geometry import Region
from textual.widget import Widget

_HEADING = frozenset({"place", "title"})
"""The classes of what is above the text."""


def line_with(whole: Widget, words: Sequence[str]) -> int | None:
    """The line of a widget's content that has the first of `words` that it shows; None if it shows none of them.

    The words are folded as for a search. One that is broken at the end of a line is not found.
    """
    from runner.lab.search import folded

    lines = [(line, folded(text)) for line, text in _lines(whole)]
    return next((line for word in words for line, text in lines if word in text), None)


def texts_in(whole: Widget) -> Iterator[Widget]:
    """The widgets with the texts of a widget, without its heading, from above."""
    for widget in whole.query("*"):
        if not widget.children and not _HEADING & widget.classes and widget.display:
            yield widget


def _lines(whole: Widget) -> Iterator[tuple[int, str]]:
    """The lines of text, each with its place, from above."""
    above = whole.scrollable_content_region.y - whole.scroll_offset.y
    for widget in texts_in(whole):
        width, height = widget.size
        for y, strip in enumerate(widget.render_lines(Region(0, 0, width, height))):
            yield widget.content_region.y - above + y, strip.text
