"""Help, one level at a time."""

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from runner.language import tr
from runner.tui.messages import HintAsked
from runner.tui.widgets.lesson.reading import Written


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
    }
    """
    revealed: reactive[int] = reactive(0)

    class Grown(Message):
        """One more hint is shown, and laid out."""

    def __init__(self, texts: Sequence[str], revealed: int) -> None:
        super().__init__()
        self._texts = texts
        self._more = _More(markup=False)
        self.set_reactive(Hints.revealed, revealed)

    def compose(self) -> ComposeResult:
        yield self._more

    async def on_mount(self) -> None:
        await self._show()

    async def watch_revealed(self) -> None:
        if self.is_mounted:
            await self._show()
            self.post_message(self.Grown())

    @property
    def newest(self) -> Region:
        """The region of the newest hint with the line that counts them, relative to the container of the hints."""
        place = self.virtual_region
        above = self.children[-2].virtual_region.y if self.revealed and len(self.children) > 1 else 0
        return Region(place.x, place.y + above, place.width, place.height - above)

    async def _show(self) -> None:
        shown = len(self.children) - 1
        if self.revealed > shown:
            texts = self._texts[shown : self.revealed]
            await self.mount_all([Written(text) for text in texts], before=self._more)
        total, left = len(self._texts), len(self._texts) - self.revealed
        counted = tr("hint {min} of {total}", min=min(self.revealed, total), total=total)
        ask = (
            tr("stuck? h shows a hint")
            if left == total
            else tr("h shows the last one")
            if left == 1
            else tr("h shows another one")
        )
        self._more.update(
            f"? {counted}   {ask}" if left > 0 else tr("? {counted}   s solves the step", counted=counted)
        )
