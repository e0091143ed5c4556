"""A pane whose edge can be dragged."""

from textual import events
from textual.containers import Container
from textual.geometry import Offset
from textual.message import Message


class Divided(Container):
    """Stands right of another pane or below it; its border is the edge between them."""

    class Dragged(Message):
        """The edge is dragged to the mouse's position on the screen; `done` once the button is released."""

        def __init__(self, place: Offset, *, done: bool) -> None:
            super().__init__()
            self.place = place
            self.done = done

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        super().__init__(id=id)
        self._dragging = False

    def _is_edge(self, place: Offset) -> bool:
        beside, below = self.styles.border_left[0], self.styles.border_top[0]
        return bool((beside and place.x == self.region.x) or (below and place.y == self.region.y))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1 and self._is_edge(event.screen_offset):
            event.stop()
            self._dragging = True
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._dragging:
            event.stop()
            self.post_message(self.Dragged(event.screen_offset, done=False))

    def on_mouse_up(self, event: events.MouseUp) -> None:
        if self._dragging:
            event.stop()
            self._dragging = False
            self.release_mouse()
            self.post_message(self.Dragged(event.screen_offset, done=True))
