"""All that is said of a step's checks, where the panel beneath the lesson has too little room for it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from runner.language import tr
from runner.tui.widgets.lesson.hanging import Hanging


class AdviceScreen(ModalScreen[None]):
    """Shows the checks in full, over the whole screen if need be."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,a,enter", "dismiss", "Close", show=False)]
    DEFAULT_CSS = """
    AdviceScreen {
        align: center middle;
        VerticalScroll {
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
        Hanging { margin-bottom: 1; }
    }
    """

    def __init__(self, told: Sequence[tuple[Content, Content]]) -> None:
        """`told` has the mark and the text of each check."""
        super().__init__()
        self._told = told

    def compose(self) -> ComposeResult:
        with VerticalScroll() as box:
            box.border_title = tr("The checks of this step")
            box.border_subtitle = tr("↑ ↓ PgUp PgDn scroll · Esc closes")
            for mark, text in self._told:
                yield Hanging(mark, text)
