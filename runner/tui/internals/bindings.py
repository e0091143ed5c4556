"""The bindings of Textual's classes and apps."""

from typing import Any

from textual.app import App
from textual.binding import BindingsMap
from textual.dom import DOMNode


def inherits_bindings(cls: type[DOMNode]) -> bool:
    """True if a class also has the bindings of its bases."""
    return cls._inherit_bindings


def bindings_of_class(cls: type[DOMNode]) -> BindingsMap:
    """The bindings of a class, including inherited ones."""
    return cls._merged_bindings or BindingsMap()


def bindings_of_app(app: App[Any]) -> BindingsMap:
    """The bindings of an app, including those added to its class's."""
    return app._bindings
