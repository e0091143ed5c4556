"""Text with a mark before it."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Static


class Hanging(Horizontal):
    """A mark, and text beside it whose wrapped lines begin where its first one does."""

    DEFAULT_CSS = """
    Hanging {
        height: auto;
        .mark { width: auto; }
        .text { width: 1fr; }
    }
    """

    def __init__(self, mark: Content, text: Content, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._mark = Static(mark, classes="mark")
        self._text = Static(text, classes="text")

    def compose(self) -> ComposeResult:
        yield self._mark
        yield self._text

    def show(self, mark: Content, text: Content) -> None:
        """Show something else."""
        self._mark.update(mark)
        self._text.update(text)
