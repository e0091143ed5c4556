"""What a lab of the list is about, where the list leaves too little room for it."""

from textual.visual import Visual
from textual.widgets import Static

from runner.language import tr
from runner.tui.boxed import ReadingBox


class AboutScreen(ReadingBox):
    """Shows the description of a lab in full."""

    def __init__(self, description: Visual) -> None:
        super().__init__(tr("What it is about"), Static(description))
