"""How the screen of a session is divided between what is read and what stands beside it."""

from textual.geometry import Offset
from textual.widget import Widget

from runner.tui.split import Split


class Division:
    """Divides `panes` into `#reading` and `#beside` as the learner wants it: side by side, or one above the other."""

    def __init__(self, panes: Widget, split: Split) -> None:
        self._panes = panes
        self._split = split

    @property
    def stacked(self) -> bool:
        """Whether one is above the other."""
        return self._panes.screen.has_class("-narrow")

    def apply(self) -> None:
        """Give both the room that they are to have."""
        part, stacked = self._split.part(stacked=self.stacked), self.stacked
        share, rest = (None, None) if part is None else (f"{part:.0%}", "1fr")
        for name, length in (("#reading", share), ("#beside", rest)):
            styles = self._panes.query_one(name).styles
            styles.width = None if stacked else length
            styles.height = length if stacked else None

    def move(self, steps: int) -> None:
        """Give what is read so many steps more room; 0 gives it what it usually has."""
        whole, reading = self._panes.size, self._panes.query_one("#reading").outer_size
        now = reading.height / whole.height if self.stacked else reading.width / whole.width
        if steps:
            self._split.step(now, steps, stacked=self.stacked)
        else:
            self._split.reset(stacked=self.stacked)
        self.apply()
        self._split.remember()

    def drag(self, place: Offset, *, done: bool) -> None:
        """Have the edge at a place of the screen; it is remembered once that is `done`."""
        x, y = place - self._panes.region.offset
        part = y / self._panes.size.height if self.stacked else x / self._panes.size.width
        self._split.move_to(part, stacked=self.stacked)
        self.apply()
        if done:
            self._split.remember()
