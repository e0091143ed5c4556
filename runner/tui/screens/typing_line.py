"""A line typed where keys act, for the terminal that it was meant for."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from runner.language import tr
from runner.tui.boxed import BoxedScreen


class TypingLine(BoxedScreen[str]):
    """Takes the rest of a begun line; the result is the line, or "" if it was not meant."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", "They were keys", show=False)]
    DEFAULT_CSS = """
    TypingLine {
        align: center bottom;
        #box { width: 100%; }
    }
    """

    def __init__(self, begun: str, where: str) -> None:
        super().__init__()
        self.close_gate(typing="enter")
        self._begun = begun
        self._where = where

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = tr("Are you typing a command?")
            box.border_subtitle = tr("Esc: no, these were keys")
            yield Static(
                Content(
                    tr(
                        "Enter types it into the terminal of {where}, which gets your keys:",
                        where=self._where,
                    )
                )
            )
            yield Input(self._begun, compact=True, select_on_focus=False)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)
