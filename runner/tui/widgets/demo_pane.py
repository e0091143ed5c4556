"""The instructor's screen, beside the learner's own."""

from textual.app import ComposeResult
from textual.containers import ScrollableContainer

from runner.language import tr
from runner.record.notice import DemoFrame
from runner.tui.widgets.picture import Picture


class DemoPane(ScrollableContainer):
    """Shows the instructor's screen; it takes no keys."""

    can_focus = False
    DEFAULT_CSS = """
    DemoPane {
        height: 50%;
        border: round $accent;
        border-title-color: $accent;
        border-subtitle-color: $text-muted;
    }
    """

    def __init__(self, frame: DemoFrame) -> None:
        super().__init__(id="demo")
        # Not looked up: the next picture may come before this one is mounted.
        self._picture = Picture()
        self._picture.show(frame)
        self.border_title = tr("The instructor's screen")
        self.border_subtitle = tr("D hides it")

    def compose(self) -> ComposeResult:
        yield self._picture

    def show(self, frame: DemoFrame) -> None:
        """Show this picture from now on."""
        self._picture.show(frame)
