"""A box in the middle of the screen, over the screen below."""

from typing import TypeVar

from textual.screen import ModalScreen

from runner.language import tr
from runner.tui.gate import Gated

Result = TypeVar("Result")


class BoxedScreen(Gated, ModalScreen[Result]):
    """A modal screen whose one container is `#box`; a subclass's style sheet adds to the common one."""

    DEFAULT_CSS = """
    BoxedScreen {
        align: center middle;
        #box {
            width: 88;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 0 1;
            background: $surface;
            border: round $primary;
            border-title-color: $primary;
            border-subtitle-color: $text-muted;
        }
    }
    """

    def say_too_soon(self) -> None:
        self.query_one("#box").border_subtitle = tr(
            "That key came too soon to be an answer: pause, then press it"
        )
