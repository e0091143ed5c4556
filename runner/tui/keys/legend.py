"""The keys that there are and what they do, from the bindings themselves."""

import inspect
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

from runner.language import tr
from runner.tui.internals.bindings import bindings_of_app, bindings_of_class, inherits_bindings

_OURS = "runner."
_NAMES = {
    "question_mark": "?",
    "dollar_sign": "$",
    "left": "←",
    "right": "→",
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "backspace": "Backspace",
    "delete": "Del",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "equals_sign": "=",
    "plus": "+",
    "minus": "-",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "slash": "/",
}


class KeyRow(NamedTuple):
    """The keys that do one thing, and what that is."""

    keys: str
    does: str


def key_name(key: str) -> str:
    """A key as it is printed on keyboards: `ctrl+s` is Ctrl+S."""
    *modifiers, base = key.split("+") if key != "+" else [key]
    if base in _NAMES:
        name = _NAMES[base]
    elif len(base) > 1:
        name = base.title()
    else:
        name = base.upper() if modifiers else base
    return "+".join([*(modifier.title() for modifier in modifiers), name])


def keys_of(node: type[DOMNode]) -> list[KeyRow]:
    """The keys that one of this package's classes binds, itself or by inheritance from another."""
    classes: list[type[DOMNode]] = []
    for cls in node.__mro__:
        if issubclass(cls, DOMNode) and cls.__module__.startswith(_OURS) and "BINDINGS" in vars(cls):
            classes.insert(0, cls)
            if not inherits_bindings(cls):
                break
    return rows(_bindings(BindingsMap(binding for cls in classes for binding in vars(cls)["BINDINGS"])), node)


def all_keys_of(node: type[DOMNode]) -> list[KeyRow]:
    """The keys of a class of Textual's, with those that it inherits."""
    return rows(_bindings(bindings_of_class(node)), node)


def keys_of_app(app: App[object]) -> list[KeyRow]:
    """The keys that do the same everywhere."""
    return rows(_bindings(bindings_of_app(app)), type(app))


def rows(bindings: Iterable[Binding], node: type[DOMNode]) -> list[KeyRow]:
    """Bindings by what they do, the keys for the same thing in one row."""
    together: dict[str, list[Binding]] = {}
    for binding in bindings:
        together.setdefault(binding.action, []).append(binding)
    return [
        KeyRow("  ".join(dict.fromkeys(key_name(binding.key) for binding in alike)), _does(alike[0], node))
        for alike in together.values()
    ]


def _bindings(bindings: BindingsMap) -> Iterator[Binding]:
    return (binding for _, binding in bindings)


def _does(binding: Binding, node: type[DOMNode]) -> str:
    """What the action's docstring says of it; with parameters, that would not say which of its ways is meant."""
    name = binding.action.rpartition(".")[2]
    method = getattr(node, f"action_{name}", None)
    if method is None and binding.action.startswith("app."):
        from runner.tui.app import WorkshopApp

        method = getattr(WorkshopApp, f"action_{name}", None)
    if "(" in binding.action or method is None:
        return tr(binding.description)
    about = (inspect.getdoc(method) or binding.description).splitlines()[0]
    return tr(about.rstrip("."))
