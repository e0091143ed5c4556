"""The link to the next step, at the end of a step."""

from textual import events
from textual.content import Content
from textual.widgets import Static

from runner.language import tr
from runner.tui.messages import NextAsked


class NextCard(Static):
    """Names the next step; a click goes there."""

    DEFAULT_CSS = """
    NextCard {
        height: auto;
        margin: 0 0 1 0;
        color: $text-muted;
        pointer: pointer;
        &:hover { color: $primary; }
    }
    """

    def __init__(self, following: str) -> None:
        key = Content.styled("n", "$footer-key-foreground bold")
        text = f" → {following}" if following else tr(" → finish this lab")
        super().__init__(Content.assemble(key, text))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(NextAsked())
