"""The full advice on a step's checks, if the panel below the lesson has too little room for it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from runner.language import tr
from runner.tui.boxed import BoxedScreen
from runner.tui.widgets.lesson.hanging import Hanging


class AdviceScreen(BoxedScreen[None]):
    """Shows the checks in full, over the whole screen if need be."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,a,enter", "dismiss", "Close", show=False)]
    DEFAULT_CSS = """
    AdviceScreen Hanging { margin-bottom: 1; }
    """

    def __init__(self, told: Sequence[tuple[Content, Content]]) -> None:
        """`told` has the mark and the text of each check."""
        super().__init__()
        self._told = told

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="box") as box:
            box.border_title = tr("The checks of this step")
            box.border_subtitle = tr("↑ ↓ PgUp PgDn scroll · Esc closes")
            for mark, text in self._told:
                yield Hanging(mark, text)
