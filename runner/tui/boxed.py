"""A box in the middle of the screen, over the screen below."""

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget

from runner.language import tr
from runner.tui.gated import Gated

Result = TypeVar("Result")

TOLD_SECONDS = 3.0
"""Seconds for which the box says, in place of its way out, that a key was not taken."""


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

    _way_out = ""
    _telling: Timer | None = None

    def say_too_soon(self) -> None:
        box = self.query_one("#box")
        if self._telling is None:
            self._way_out = box.border_subtitle or ""
        else:
            self._telling.stop()
        # In the way out's colour it would be overlooked.
        box.border_subtitle = Content.styled(
            tr("That key came too soon to be an answer: pause, then press it"), "$warning bold"
        )
        self._telling = self.set_timer(TOLD_SECONDS, self._say_the_way_out)

    def _say_the_way_out(self) -> None:
        self._telling = None
        self.query_one("#box").border_subtitle = self._way_out


class ReadingBox(BoxedScreen[None]):
    """Texts to read in full, over the whole screen if need be."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,a,enter", "dismiss", "Close", show=False)]

    def __init__(self, heading: str, *texts: Widget) -> None:
        super().__init__()
        self._heading = heading
        self._texts = texts

    def compose(self) -> ComposeResult:
        box = VerticalScroll(*self._texts, id="box")
        box.border_title = self._heading
        box.border_subtitle = tr("↑ ↓ PgUp PgDn scroll · Esc closes")
        yield box
