"""Setting a theme and size classes before the first paint: Textual's own way styles and lays out everything twice."""

from typing import Any, TypeVar

from textual.app import App
from textual.screen import Screen
from textual.theme import Theme

Result = TypeVar("Result")


def apply_theme(app: App[Any], theme: Theme) -> None:
    """Start an app that shows nothing yet with `theme`."""
    app.set_reactive(App.theme, theme.name)
    looks = {f"-theme-{theme.name}": True, "-dark-mode": theme.dark, "-light-mode": not theme.dark}
    app.update_classes(looks, update=False)
    app._refresh_truecolor_filter(app.ansi_theme)
    app.stylesheet.set_variables(app.get_css_variables())


class FittedScreen(Screen[Result]):
    """A screen of several layouts, which has the one for the terminal's size from the beginning."""

    def __init__(self) -> None:
        super().__init__()
        # Learning its size by the first resize would show it in another layout before.
        size = self.app.size
        for cells, breakpoints in (
            (size.width, self.HORIZONTAL_BREAKPOINTS),
            (size.height, self.VERTICAL_BREAKPOINTS),
        ):
            self.add_class(*self._get_breakpoint_classes(cells, breakpoints or []))
