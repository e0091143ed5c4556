"""Typed access to a mapping that an author wrote, with reports on unknown, missing or wrongly typed values."""

import re
from collections.abc import Iterable, Set
from typing import TYPE_CHECKING, TypeVar

from runner.lab.read.rules import Rule
from runner.lab.read.syntax.tree import Items, Node, Scalar, Table, describe
from runner.suggest import nearest

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source

_T = TypeVar("_T")

_TRUE = frozenset({"true", "yes", "on"})
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


class Fields:
    """A mapping; a getter returns the field's value, or the default after reporting a fault.

    `where` names the mapping in messages (`check`, `a container probe`).
    """

    def __init__(self, source: "Source", table: Table, where: str, known: Iterable[str]) -> None:
        self.source = source
        self.where = where
        self.line = table.line
        self._table = table
        known = tuple(known)
        for key, line in table.lines.items():
            if key not in known:
                hint = _suggestion(key, known, table.entries[key])
                source.report(Rule.UNKNOWN_KEY, f"unknown key {shortened(key)!r} in {where}{hint}", line)

    def __contains__(self, key: str) -> bool:
        return key in self._table.entries

    @property
    def given(self) -> Set[str]:
        """Every key in the mapping, known or not."""
        return self._table.entries.keys()

    def line_of(self, key: str) -> int:
        """The key's line, or the mapping's if the key is absent."""
        return self._table.lines.get(key, self.line)

    def report(self, rule: Rule, message: str, key: str = "") -> None:
        """Report a problem at `key`, or at the mapping."""
        self.source.report(rule, message, self.line_of(key))

    def lists_nothing(self, key: str) -> bool:
        """True if the key is absent or an empty list; False for values of any other type."""
        node = self.node(key)
        return node is None or (isinstance(node, Items) and not node.nodes)

    def node(self, key: str) -> Node | None:
        """The raw value."""
        return self._table.entries.get(key)

    def text(self, key: str, default: str = "") -> str:
        """A single text; a number or a truth value counts as written."""
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node, Scalar) and node.kind != "null":
            return node.text
        return self._wrong(key, node, "text", default)

    def required(self, key: str) -> str:
        """A required text, which must not be empty."""
        if key not in self:
            self.report(Rule.MISSING_KEY, f"{self.where} needs {key!r}")
            return ""
        text = self.text(key).strip()
        if not text and isinstance(self.node(key), Scalar):
            self.report(Rule.EMPTY_TEXT, f"{key!r} in {self.where} is empty", key)
        return text

    def flag(self, key: str, *, default: bool = False) -> bool:
        """`true` or `false`."""
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node, Scalar) and node.kind == "bool":
            return node.text.casefold() in _TRUE
        return self._wrong(key, node, "true or false", default)

    def integer(self, key: str, default: int, *, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node, Scalar) and _INTEGER.fullmatch(node.text) and len(node.text) < 19:
            number = int(node.text)
            if least <= number <= most:
                return number
        return self._wrong(key, node, f"a whole number from {least} to {most}", default)

    def seconds(self, key: str, default: float) -> float:
        """A duration of more than 0 and at most 600 seconds."""
        node = self.node(key)
        if node is None:
            return default
        if isinstance(node, Scalar) and (value := seconds(node.text)) is not None:
            return value
        return self._wrong(key, node, "seconds, more than 0 and at most 600", default)

    def texts(self, key: str, *, single: bool = False) -> tuple[str, ...]:
        """A list of texts; with `single`, a single text counts as a list of one."""
        node = self.node(key)
        if node is None:
            return ()
        if single and isinstance(node, Scalar) and node.kind != "null":
            return (node.text,)
        if not isinstance(node, Items):
            wanted = "text or a list of texts" if single else 'a list, like ["a", "b"]'
            return self._wrong(key, node, wanted, ())
        found = []
        for item in node.nodes:
            if isinstance(item, Scalar) and item.kind != "null":
                found.append(item.text)
            else:
                message = f"{key!r} in {self.where} must hold texts, not {describe(item)}"
                self.source.report(Rule.WRONG_TYPE, message, item.line)
        return tuple(found)

    def table(self, key: str) -> Table | None:
        """A mapping."""
        node = self.node(key)
        return node if node is None or isinstance(node, Table) else self._wrong(key, node, "a mapping", None)

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of mappings."""
        node = self.node(key)
        if node is None:
            return ()
        if not isinstance(node, Items):
            return self._wrong(key, node, "a list of mappings", ())
        for item in node.nodes:
            if not isinstance(item, Table):
                message = f"{key!r} in {self.where} must hold mappings, not {describe(item)}"
                self.source.report(Rule.WRONG_TYPE, message, item.line)
        return tuple(item for item in node.nodes if isinstance(item, Table))

    def _wrong(self, key: str, node: Node, wanted: str, default: _T) -> _T:
        self.source.report(
            Rule.WRONG_TYPE,
            f"{key!r} in {self.where} must be {wanted}, not {_shown(node)}",
            self.line_of(key),
        )
        return default


def seconds(text: str) -> float | None:
    """Read a duration from a lab, in seconds; None if it is not one."""
    if not _NUMBER.fullmatch(text) or len(text) > 18:
        return None
    return value if 0 < (value := float(text)) <= 600 else None


def shortened(text: str, limit: int = 60) -> str:
    """`text`, or its beginning if it is too long for a message."""
    return text if len(text) <= limit else f"{text[:limit]}…"


def _suggestion(key: str, known: tuple[str, ...], value: Node) -> str:
    if close := nearest(key, known):
        return f" (did you mean {close!r}?)"
    if " " in key and isinstance(value, Scalar) and value.kind == "null":
        return "; a text with a comma needs quotes within { }"
    return f"; known: {', '.join(known)}"


def _shown(node: Node) -> str:
    return f"{shortened(node.text)!r}" if isinstance(node, Scalar) and node.kind != "null" else describe(node)
