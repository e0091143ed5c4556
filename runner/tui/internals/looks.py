"""Setting a theme and size classes before the first paint: Textual's own way styles everything twice."""

from typing import Any

from textual.app import App
from textual.geometry import Size
from textual.screen import Screen
from textual.theme import Theme


def apply_theme(app: App[Any], theme: Theme) -> None:
    """Start an app that shows nothing yet with `theme`."""
    app.set_reactive(App.theme, theme.name)
    looks = {f"-theme-{theme.name}": True, "-dark-mode": theme.dark, "-light-mode": not theme.dark}
    app.update_classes(looks, update=False)
    app._refresh_truecolor_filter(app.ansi_theme)
    app.stylesheet.set_variables(app.get_css_variables())


def fit(screen: Screen[Any], size: Size) -> None:
    """Start a screen that is not shown yet with the classes for this size."""
    for cells, breakpoints in (
        (size.width, screen.HORIZONTAL_BREAKPOINTS),
        (size.height, screen.VERTICAL_BREAKPOINTS),
    ):
        screen.add_class(*screen._get_breakpoint_classes(cells, breakpoints or []))
