"""Messages in their own place, so that they cover nothing."""

from collections.abc import Callable, Sequence

from textual import events
from textual.content import Content
from textual.visual import Visual
from textual.widgets import Static

from runner.tui.announcement import Announcement
from runner.tui.widgets.lesson.hanging import HangingContent, StackedContent

_MARKS = {
    "information": ("▌ ", "$success"),
    "warning": ("! ", "$warning bold"),
    "error": ("✗ ", "$error bold"),
}


class Banner(Static):
    """Shows messages, the newest first, and takes room only while there are any. A click clears them."""

    DEFAULT_CSS = """
    Banner {
        display: none;
        height: auto;
        max-height: 40%;
        padding: 0 1;
        background: $panel;
        &.-said { display: block; }
    }
    """

    def __init__(self, *, clear: Callable[[], None], id: str | None = None) -> None:  # noqa: A002 (Textual's name)
        """`clear` is called on a click."""
        super().__init__(id=id)
        self._clear = clear

    def show(self, announcements: Sequence[Announcement], leave: str) -> None:
        """Show these, their keys as they are pressed after `leave`."""
        self.set_class(bool(announcements), "-said")
        self.update(StackedContent([_shown(one, leave) for one in announcements]))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self._clear()


def _shown(one: Announcement, leave: str) -> Visual:
    mark, colour = _MARKS[one.severity]
    title = (f"{one.title}{': ' if one.text else '  '}", "bold") if one.title else ""
    return HangingContent(Content.styled(mark, colour), Content.assemble(title, one.said(leave)))
