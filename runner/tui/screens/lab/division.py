"""The division of a session's screen between the reading side and the pane beside it."""

from textual.geometry import Offset
from textual.widget import Widget

from runner.tui.split import Split


class Division:
    """Divides `panes` into `#reading` and `#beside` in the learner's proportion: side by side, or stacked."""

    def __init__(self, panes: Widget, split: Split) -> None:
        self._panes = panes
        self._split = split

    @property
    def stacked(self) -> bool:
        """True if one is above the other."""
        return self._panes.screen.has_class("-narrow")

    def apply(self) -> None:
        """Apply the chosen sizes to both."""
        part, stacked = self._split.part(stacked=self.stacked), self.stacked
        share, rest = (None, None) if part is None else (f"{part:.0%}", "1fr")
        for name, length in (("#reading", share), ("#beside", rest)):
            styles = self._panes.query_one(name).styles
            styles.width = None if stacked else length
            styles.height = length if stacked else None

    def move(self, steps: int) -> None:
        """Give the reading side so many steps more room; 0 resets it."""
        whole, reading = self._panes.size, self._panes.query_one("#reading").outer_size
        now = reading.height / whole.height if self.stacked else reading.width / whole.width
        if steps:
            self._split.step(now, steps, stacked=self.stacked)
        else:
            self._split.reset(stacked=self.stacked)
        self.apply()
        self._split.remember()

    def drag(self, place: Offset, *, done: bool) -> None:
        """Move the edge to a place of the screen; it is saved once the drag is `done`."""
        x, y = place - self._panes.region.offset
        part = y / self._panes.size.height if self.stacked else x / self._panes.size.width
        self._split.move_to(part, stacked=self.stacked)
        self.apply()
        if done:
            self._split.remember()
