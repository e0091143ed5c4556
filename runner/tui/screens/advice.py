"""The full advice on a step's checks, if the panel below the lesson has too little room for it."""

from collections.abc import Iterable

from textual.content import Content

from runner.language import tr
from runner.tui.boxed import ReadingBox
from runner.tui.widgets.lesson.hanging import Hanging


class AdviceScreen(ReadingBox):
    """Shows the checks in full."""

    DEFAULT_CSS = """
    AdviceScreen Hanging { margin-bottom: 1; }
    """

    def __init__(self, told: Iterable[tuple[Content, Content]]) -> None:
        """`told` has the mark and the text of each check."""
        super().__init__(tr("The checks of this step"), *(Hanging(mark, text) for mark, text in told))
