"""What a lab of the list is about, where the list leaves too little room for it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.visual import Visual
from textual.widgets import Static

from runner.language import tr
from runner.tui.boxed import BoxedScreen


class AboutScreen(BoxedScreen[None]):
    """Shows the description of a lab in full, over the whole screen if need be."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,a,enter", "dismiss", "Close", show=False)]

    def __init__(self, description: Visual) -> None:
        super().__init__()
        self._description = description

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="box") as box:
            box.border_title = tr("What it is about")
            box.border_subtitle = tr("↑ ↓ PgUp PgDn scroll · Esc closes")
            yield Static(self._description)
