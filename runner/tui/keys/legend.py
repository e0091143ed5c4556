"""The available keys and their actions, from the bindings themselves."""

import inspect
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.dom import DOMNode

from runner.language import tr
from runner.tui.internals.bindings import bindings_of_app, bindings_of_class, inherits_bindings
from runner.tui.keys.names import key_name
from runner.tui.keys.usual import MARKING, USUAL

_OURS = "runner."


class KeyRow(NamedTuple):
    """The keys of one action, and its description."""

    keys: str
    does: str


def keys_of(node: type[DOMNode], app: type[App[object]] = App) -> list[KeyRow]:
    """The keys that a class of this package binds, including those inherited from its other classes.

    Actions of the app are described as `app` does.
    """
    classes: list[type[DOMNode]] = []
    for cls in node.__mro__:
        if issubclass(cls, DOMNode) and cls.__module__.startswith(_OURS) and "BINDINGS" in vars(cls):
            classes.insert(0, cls)
            if not inherits_bindings(cls):
                break
    return rows(
        _bindings(BindingsMap(binding for cls in classes for binding in vars(cls)["BINDINGS"])), node, app
    )


def all_keys_of(node: type[DOMNode]) -> list[KeyRow]:
    """The keys of a class of Textual's, including inherited ones."""
    return _rows((binding, _usually(binding, node)) for binding in _bindings(bindings_of_class(node)))


def own_keys_of(node: type[DOMNode]) -> list[KeyRow]:
    """The keys that a class of Textual's binds itself."""
    return _rows(
        (binding, _usually(binding, node)) for binding in _bindings(BindingsMap(vars(node)["BINDINGS"]))
    )


def keys_of_app(app: App[object]) -> list[KeyRow]:
    """The keys that do the same everywhere."""
    return _rows((binding, _usually(binding, type(app))) for binding in _bindings(bindings_of_app(app)))


def rows(bindings: Iterable[Binding], node: type[DOMNode], app: type[App[object]] = App) -> list[KeyRow]:
    """Rows for the app's own bindings, with the keys of one action in one row."""
    return _rows((binding, does(binding, node, app)) for binding in bindings)


def does(binding: Binding, node: type[DOMNode], app: type[App[object]] = App) -> str:
    """A key's description: the docstring of the action, if the action is our own and has no parameters.

    With parameters, the docstring would not say which variant is meant; the binding itself does.
    """
    return tr(_about(binding, node, app) or binding.description)


def hint_of(binding: Binding, node: type[DOMNode]) -> str:
    """A key's short description: the binding's own, or our words for a key of Textual's."""
    usual = "" if node.__module__.startswith(_OURS) else USUAL.get(binding.action)
    return tr(usual or binding.description)


def _usually(binding: Binding, node: type[DOMNode]) -> str:
    """The description of a key that may be one of Textual's."""
    name, _, parameters = binding.action.rpartition(".")[2].partition("(")
    usual = MARKING if parameters.startswith("True") and name in USUAL else USUAL.get(name)
    return tr(_about(binding, node, App) or usual or binding.description)


def _about(binding: Binding, node: type[DOMNode], app: type[App[object]]) -> str:
    scope, _, name = binding.action.rpartition(".")
    method = getattr(app if scope == "app" else node, f"action_{name}", None)
    if method is None or not method.__module__.startswith(_OURS):
        return ""
    return (inspect.getdoc(method) or "").partition("\n")[0].rstrip(".")


def _bindings(bindings: BindingsMap) -> Iterator[Binding]:
    return (binding for _, binding in bindings)


def _rows(told: Iterable[tuple[Binding, str]]) -> list[KeyRow]:
    together: dict[str, list[str]] = {}
    for binding, what in told:
        # An action with a key that every keyboard and terminal has needs no other.
        if not binding.key.startswith("super+"):
            # A key that is displayed in its place is named first.
            shown = [key_name(binding.key_display)] if binding.key_display else []
            together.setdefault(what, []).extend([*shown, key_name(binding.key)])
    return [KeyRow("  ".join(dict.fromkeys(keys)), what) for what, keys in together.items()]
