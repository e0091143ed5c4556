"""The place where a lesson is read, whatever size its window gets."""

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.geometry import Size

if TYPE_CHECKING:
    from textual.widget import Widget

_LAYOUTS = 3
"""The layouts by which the rest of a screen gets its own sizes in a window of another size."""


class KeptPlace:
    """Keeps what is at the top of a page at the top, when the page gets other columns or the window another size.

    A page of fewer lines in the same window is none of that: something beneath it has grown.
    """

    def __init__(self, page: VerticalScroll) -> None:
        self._page = page
        self._top: tuple[Widget, float] | None = None
        """The widget at the top, and how much of its height is above that; None at the beginning of the page."""
        self._size = self._window = Size()
        self._layouts = 0
        self._restoring = False

    def begin_page(self) -> None:
        """Be at the beginning, as of another page."""
        self._top = None

    def scrolled(self) -> None:
        """Note the place, if it was gone to: a page of another size may be cut off elsewhere."""
        if self._restoring or self._page.size != self._size:
            return
        y, self._top = self._page.scroll_offset.y, None
        for child in self._page.children if y else ():
            place = child.virtual_region
            if place.height and place.y <= y:
                self._top = child, min(1.0, (y - place.y) / place.height)

    def resized(self) -> bool:
        """Take note of the page's size; True if the place is to be restored in it."""
        window, size = self._page.app.size, self._page.size
        other = (window, size.width) != (self._window, self._size.width)
        begun = bool(self._size)
        self._window, self._size = window, size
        if other and begun:
            if not self._layouts:
                self._page.call_after_refresh(self._settle)
            self._layouts = _LAYOUTS
        if not self._layouts:
            self.scrolled()
        return self._layouts > 0

    def _settle(self) -> None:
        self._layouts -= 1
        if self._layouts:
            self._page.call_after_refresh(self._settle)

    def restore(self) -> None:
        """Bring what was at the top there again."""
        y = 0
        if self._top is not None and self._top[0].is_attached:
            place = self._top[0].virtual_region
            y = round(place.y + self._top[1] * place.height)
        self._restoring = True
        self._page.scroll_to(y=y, animate=False, immediate=True)
        self._restoring = False
