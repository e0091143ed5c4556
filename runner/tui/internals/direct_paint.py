"""Painting rows of a widget directly to the terminal, past the compositor.

Textual composes a change of one row from every widget on the screen, which takes longer than the whole rest of a
key's way to its echo.
"""

from collections.abc import Collection
from typing import Any, cast

from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget


def paint_rows(widget: Widget, rows: Collection[int]) -> bool:
    """Paint these rows of a widget, counted from its top edge; False if the compositor has to do it."""
    app, screen = widget.app, widget.screen
    # Textual drops output during a batch, and a covered screen must not paint.
    if app.screen is not screen or app._batch_count:
        return False
    region = _uncovered(widget)
    first, last = min(rows), max(rows)
    # A widget can be laid out smaller before it learns of it.
    if region is None or last >= region.height:
        return False
    strips = widget.render_lines(Region(0, first, region.width, last - first + 1))
    places = {region.offset + Offset(0, y): strips[y - first] for y in rows}
    app._display(screen, cast("Any", RowsUpdate(places)))  # the one way in beside the compositor
    return True


def _uncovered(widget: Widget) -> Region | None:
    """The region of a widget, if all of it is visible: not clipped, and with nothing over it."""
    visible = widget.screen._compositor.visible_widgets  # the uppermost first
    if widget not in visible:
        return None
    region, clip = visible[widget]
    for other, (place, _) in visible.items():
        if other is widget:
            break
        if place.overlaps(region):
            return None
    return region if clip.contains_region(region) else None


class RowsUpdate(CompositorUpdate):
    """Strips at their places on the screen."""

    def __init__(self, strips: dict[Offset, Strip]) -> None:
        self._strips = strips

    def render_segments(self, console: Console) -> str:
        return "".join(
            f"\x1b[{y + 1};{x + 1}H{strip.render(console)}" for (x, y), strip in self._strips.items()
        )
