"""Help, one level at a time."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.reactive import reactive
from textual.widgets import Markdown, Static

from runner.tui.messages import HintAsked


class _More(Static):
    DEFAULT_CSS = """
    _More { pointer: pointer; color: $text-muted; &:hover { color: $accent; } }
    """

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(HintAsked())


class Hints(Vertical):
    """The hints of a step; the first `revealed` of them can be read."""

    DEFAULT_CSS = """
    Hints {
        height: auto;
        margin: 0 0 1 0;
        padding: 0 1;
        border-left: outer $warning 60%;
        Markdown { display: none; }
        Markdown.-revealed { display: block; }
    }
    """
    revealed: reactive[int] = reactive(0)

    def __init__(self, texts: Sequence[str], revealed: int) -> None:
        super().__init__()
        self._texts = texts
        self.set_reactive(Hints.revealed, revealed)

    def compose(self) -> ComposeResult:
        for text in self._texts:
            yield Markdown(text, open_links=False)
        yield _More(markup=False)

    def on_mount(self) -> None:
        self._show()

    def watch_revealed(self) -> None:
        if self.is_mounted:
            self._show()

    def _show(self) -> None:
        for number, widget in enumerate(self.query(Markdown)):
            widget.set_class(number < self.revealed, "-revealed")
        total, left = len(self._texts), len(self._texts) - self.revealed
        counted = f"hint {min(self.revealed, total)} of {total}"
        ask = (
            "stuck? h shows a hint" if left == total else f"h shows {'the last' if left == 1 else 'another'}"
        )
        self.query_one(_More).update(
            f"? {counted}   {ask}" if left > 0 else f"? {counted}   s solves the step"
        )
