"""The keys that do something now, as many lines of them as it takes."""

from rich.markup import escape
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

_BLANK, _UNBREAKABLE = " ", "\N{NO-BREAK SPACE}"


class KeyBar(Static):
    """Shows every binding that is shown and enabled; unlike Textual's footer it wraps rather than scrolls."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: auto;
        max-height: 2;
        padding: 0 1;
        background: $surface;
        color: $text-muted;
    }
    """

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._show)
        self._show(self.screen)

    def _show(self, screen: Screen[object]) -> None:
        seen: dict[str, str] = {}
        for _, binding, enabled, _ in screen.active_bindings.values():
            if binding.show and enabled and binding.action not in seen:
                key = self.app.get_key_display(binding)
                click = f"@click=app.simulate_key('{binding.key}')"
                text = escape(binding.description.replace(_BLANK, _UNBREAKABLE))
                seen[binding.action] = (
                    f"[{click}][$footer-key-foreground bold]{escape(key)}[/]{_UNBREAKABLE}{text}[/]"
                )
        self.update(Content.from_markup("  ".join(seen.values())))
