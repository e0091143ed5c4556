"""The common form of YAML and TOML: scalars, lists and tables that know their lines."""

from typing import Literal, NamedTuple

NUL = "a value cannot hold a NUL: no program takes one; have the program make it, as with printf '\\0'"
"""The message for a value with a NUL."""

Kind = Literal["str", "int", "float", "bool", "null"]


class Scalar(NamedTuple):
    """A single value; `text` is its original spelling without quotes."""

    text: str
    kind: Kind
    line: int


class Items(NamedTuple):
    """A list."""

    nodes: list["Node"]
    line: int


class Table(NamedTuple):
    """A mapping; `lines` holds the line of each key."""

    entries: dict[str, "Node"]
    lines: dict[str, int]
    line: int


Node = Scalar | Items | Table


def describe(node: Node) -> str:
    """The kind of a value, in an author's words."""
    if isinstance(node, Items):
        return "a list"
    if isinstance(node, Table):
        return "a mapping"
    return {
        "str": "text",
        "int": "a number",
        "float": "a number",
        "bool": "true or false",
        "null": "nothing",
    }[node.kind]
