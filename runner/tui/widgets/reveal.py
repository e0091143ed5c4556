"""Bringing a part of a page into view that has just changed."""

import time
from collections.abc import Callable

from textual.containers import VerticalScroll

from runner.pace import MACHINE

_LAYOUTS_SECONDS = 2.0
"""The time in which the layouts that a change takes come one after another."""


class Reveal:
    """Scrolls a page once it is laid out with a change, also where the layout comes late.

    A call after the next refresh alone may come before: the layout is asked for by the widget that has changed, and
    Textual orders nothing between two widgets. The page calls `laid_out` when it is resized.
    """

    def __init__(self, page: VerticalScroll) -> None:
        self._page = page
        self._scroll: Callable[[], object] | None = None
        self._until = 0.0
        page.watch(page, "virtual_size", self.laid_out, init=False)

    def bring(self, scroll: Callable[[], object]) -> None:
        """Call `scroll` after the next refresh, and as the page gets other sizes by what has changed."""
        self._scroll = scroll
        self._until = time.monotonic() + MACHINE.stretched(_LAYOUTS_SECONDS)
        self._page.call_after_refresh(self._go)

    def laid_out(self) -> None:
        """Take note that the page has another size."""
        if time.monotonic() > self._until:
            self.forget()
        if self._scroll is not None:
            self._page.call_after_refresh(self._go)

    def forget(self) -> None:
        """Leave the page where it is: something else has changed, or somebody reads in it."""
        self._scroll = None

    def _go(self) -> None:
        if self._scroll is not None:
            self._scroll()
