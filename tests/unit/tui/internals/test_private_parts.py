"""`runner.tui.internals`: the listed private parts of Textual are exactly those that are used, and only there."""

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path

import pytest
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.widget import Widget

import runner.tui
from runner.tui import internals
from runner.tui.internals import PRIVATE_PARTS

APP = Path(runner.tui.__file__).parent
INTERNALS = Path(internals.__file__).parent
LISTED = [(owner, name) for owner, names in PRIVATE_PARTS.items() for name in names]


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@cache
def names_in(cls: type) -> frozenset[str]:
    """The private attributes that a class has, or sets on itself."""
    assigned = re.findall(r"self\.(_\w+)\b(?:: [^=\n]+)? =[^=]", inspect.getsource(cls))
    return frozenset(name for name in [*vars(cls), *assigned] if private(name))


def textuals_names() -> set[str]:
    """The private attributes that what the app is built of has from Textual."""
    classes = {base for cls in (App, Screen, Widget, LinuxDriver, XTermParser) for base in cls.__mro__}
    return {name for cls in classes if cls.__module__.startswith("textual") for name in names_in(cls)}


class Uses:
    """The private attributes that a module uses and does not make, and the private modules that it imports from."""

    def __init__(self, path: Path) -> None:
        self.attributes: set[str] = set()
        self.made: set[str] = set()
        self.imported: set[tuple[str, str]] = set()
        nodes = list(ast.walk(ast.parse(path.read_text())))
        imports = [node for node in nodes if isinstance(node, ast.Import)]
        modules = {alias.asname or alias.name for node in imports for alias in node.names}
        for node in nodes:
            match node:
                case ast.Attribute(value=ast.Name(id=name)) if name in modules:
                    pass
                case ast.Attribute(value=ast.Name(id="self"), attr=attribute, ctx=ast.Store()):
                    self.made.add(attribute)
                case ast.Attribute(attr=attribute) if private(attribute):
                    self.attributes.add(attribute)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self.made.add(name)
                case ast.AnnAssign(target=ast.Name(id=name)):
                    self.made.add(name)
                case ast.ImportFrom(module=str(module), names=names) if re.match(r"textual\b.*\._", module):
                    self.imported |= {(module, alias.name) for alias in names}


@pytest.mark.parametrize(("owner", "name"), LISTED)
def test_textual_has_what_is_listed(owner, name):
    module, _, attribute = owner.rpartition(".")
    if attribute[:1].isupper():
        cls = getattr(importlib.import_module(module), attribute)
        assert any(name in names_in(base) for base in cls.__mro__ if base.__module__.startswith("textual"))
    else:
        assert hasattr(importlib.import_module(owner), name)


def test_what_is_listed_is_used_and_what_is_used_is_listed():
    used: set[str] = set()
    for path in INTERNALS.glob("*.py"):
        uses = Uses(path)
        used |= (uses.attributes | uses.made) & textuals_names()
        used |= {name for _, name in uses.imported}
    assert used == {name for _, name in LISTED}


def test_nothing_else_in_the_app_uses_any():
    found = {}
    for path in APP.rglob("*.py"):
        if INTERNALS not in path.parents:
            uses = Uses(path)
            if (
                names := {name for _, name in uses.imported}
                | (uses.attributes - uses.made) & textuals_names()
            ):
                found[str(path.relative_to(APP))] = names
    assert not found
