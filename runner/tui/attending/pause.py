"""The class pauses."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from runner.language import tr
from runner.tui.boxed import BoxedScreen


class PauseScreen(BoxedScreen[None]):
    """Covers everything until the instructor goes on; programs in the terminals keep running."""

    DEFAULT_CSS = """
    PauseScreen {
        #box {
            width: 60;
            max-width: 95%;
            padding: 1 2;
            border: round $warning;
            border-title-color: $warning;
        }
    }
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._over = False

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = tr("‖ Pause")
            if self._text:
                yield Static(f"{self._text}\n", markup=False)
            yield Static(tr("The class pauses. Your work is safe, and goes on when the instructor says so."))

    def end(self) -> None:
        """End the pause; screens opened above it close first."""
        self._over = True
        if self.is_current:
            self.dismiss()

    def on_screen_resume(self) -> None:
        if self._over:
            self.dismiss()
