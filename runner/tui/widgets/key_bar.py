"""The keys that have an effect now."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from runner.tui.keys.legend import hint_of
from runner.tui.keys.names import key_name

_GAP = 2


class _Hint(NamedTuple):
    key: str
    shown: str
    description: str

    @property
    def width(self) -> int:
        return cell_len(self.shown) + 1 + cell_len(self.description)


class _Place(NamedTuple):
    hint: _Hint
    x: int
    y: int


class KeyBar(Static):
    """Shows every displayed and enabled binding, in as many lines as needed; a click acts like the key."""

    DEFAULT_CSS = """
    KeyBar {
        dock: bottom;
        height: auto;
        max-height: 3;
        padding: 0 1;
        background: $surface;
        color: $foreground 75%;
        pointer: pointer;
    }
    """

    def __init__(self, useful: Callable[[str], bool] = lambda _: True) -> None:
        """`useful` returns whether an action has an effect now; the keys of others act, but are not shown."""
        super().__init__()
        self._useful = useful
        self._places: list[_Place] = []

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._show)
        # Before the first layout, which would otherwise be made twice.
        self._show(self.screen)

    def on_resize(self) -> None:
        self._show(self.screen)

    def on_click(self, event: events.Click) -> None:
        event.stop()
        offset = event.get_content_offset(self)
        for place in self._places:
            if offset and place.y == offset.y and place.x <= offset.x < place.x + place.hint.width:
                self.app.simulate_key(place.hint.key)

    def _show(self, screen: Screen[object]) -> None:
        hints: dict[str, _Hint] = {}
        focused = screen.focused
        for node, binding, enabled, _ in screen.active_bindings.values():
            if binding.show and enabled and self._useful(binding.action):
                name = binding.key_display or binding.key
                if len(name) == 1 and focused is not None and focused.check_consume_key(name, name):
                    # It would be typed there; the action has another key as well.
                    name = binding.key
                hint = _Hint(binding.key, key_name(name), hint_of(binding, type(node)))
                hints.setdefault(binding.action, hint)
        self._places = list(_placed(hints.values(), self.content_size.width or self.app.size.width - 2))
        self.update(_content(self._places))


def _placed(hints: Iterable[_Hint], width: int) -> Iterable[_Place]:
    x = y = 0
    for hint in hints:
        if x and x + hint.width > width:
            x, y = 0, y + 1
        yield _Place(hint, x, y)
        x += hint.width + _GAP


def _content(places: Iterable[_Place]) -> Content:
    parts: list[str | tuple[str, str]] = []
    for place in places:
        if parts:
            parts.append(" " * _GAP if place.x else "\n")
        parts += [(place.hint.shown, "$footer-key-foreground bold"), f" {place.hint.description}"]
    return Content.assemble(*parts)
