"""The keys that do something now."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from rich.markup import escape
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

_GAP = "  "


@dataclass(frozen=True, slots=True)
class _Hint:
    key: str
    shown: str
    description: str

    @property
    def width(self) -> int:
        return cell_len(self.shown) + 1 + cell_len(self.description)

    @property
    def markup(self) -> str:
        key = f"[$footer-key-foreground bold]{escape(self.shown)}[/]"
        return f"[@click=app.simulate_key('{self.key}')]{key} {escape(self.description)}[/]"


class KeyBar(Static):
    """Shows every binding that is shown and enabled, in as many lines as it takes; a click is as good as the key."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: auto;
        max-height: 3;
        padding: 0 1;
        background: $surface;
        color: $text-muted;
        link-style: none;
        link-color: $text-muted;
        link-style-hover: none;
        link-background-hover: $primary 30%;
        link-color-hover: $foreground;
    }
    """

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._show)

    def on_resize(self) -> None:
        self._show(self.screen)

    def _show(self, screen: Screen[object]) -> None:
        hints: dict[str, _Hint] = {}
        for _, binding, enabled, _ in screen.active_bindings.values():
            if binding.show and enabled:
                hint = _Hint(binding.key, self.app.get_key_display(binding), binding.description)
                hints.setdefault(binding.action, hint)
        width = self.content_size.width or self.app.size.width - 2
        self.update(Content.from_markup("\n".join(_lines(hints.values(), width))))


def _lines(hints: Iterable[_Hint], width: int) -> Iterable[str]:
    line: list[str] = []
    used = 0
    for hint in hints:
        needed = hint.width + (len(_GAP) if line else 0)
        if line and used + needed > width:
            yield _GAP.join(line)
            line, used, needed = [], 0, hint.width
        line.append(hint.markup)
        used += needed
    if line:
        yield _GAP.join(line)
