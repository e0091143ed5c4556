"""JSON and YAML as one kind of tree with positions, and such a tree written as JSON text again."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runner.profile.errors import ProfileError
from runner.profile.model import Location
from runner.profile.source.json_text import (
    MAX_VALUES,
    Document,
    Members,
    Node,
    Number,
    Places,
    parse_documents,
)

if TYPE_CHECKING:
    import yaml

MAX_CHARACTERS = 8 << 20
MAX_NODES = 500_000
_MAX_DEPTH = 64
_MERGE = "<<"
_ONCE = frozenset(
    (
        *(
            "security_opt",
            "security_opts",
            "securitycontext",
            "seccompprofile",
            "localhostprofile",
            "privileged",
        ),
        *("defaultaction", "syscalls", "names", "action", "args", "includes", "excludes"),
    )
)
"""Keys, in lower case, that decide on what confines a container."""
_OCTAL = re.compile(r"0o[0-7_]+")
"""An octal number as YAML 1.2 writes it, which a reader of YAML 1.1 takes for text."""

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A value with its 1-based line and column.

    `cut` is the text and the range of characters that spell the value; `keys` are the positions of an object's keys.
    """

    value: "Scalar | tuple[Tree, ...] | dict[str, Tree]"
    line: int
    column: int
    cut: tuple[str, int, int] | None = None
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def at(self) -> Location:
        """Its place."""
        return Location(self.line, self.column, "")

    def get(self, key: str) -> "Tree | None":
        """A member's value."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    def text(self, *path: str) -> str:
        """The string at a path of keys; empty if there is none."""
        tree: Tree | None = self
        for key in path:
            tree = tree.get(key) if tree else None
        return tree.value if tree and isinstance(tree.value, str) else ""


def read_trees(text: str) -> tuple[Tree, ...]:
    """Parse the documents of a JSON or YAML text.

    Raises:
        ProfileError: it is neither, or is too large.
    """
    if len(text) > MAX_CHARACTERS:
        raise ProfileError(
            f"the file is larger than {MAX_CHARACTERS >> 20} MiB",
            remedy="take the profile out of it, with jq for example",
        )
    if re.match(r"[\ufeff\s]*[\[{]", text):
        documents = parse_documents(text.removeprefix("\ufeff"), most_values=MAX_NODES)
        return tuple(_json_tree(document, document.root) for document in documents)
    return _yaml_trees(text)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document as a separate JSON text, with the position of each of its values in the document."""

    text: str
    places: Places = ()

    def moved(self, lines: int) -> "Part":
        """The same part, for a text that begins this many lines further down."""
        whole = self.places or ((0, 1, 1),)
        return Part(self.text, tuple((offset, line + lines, column) for offset, line, column in whole))


def part(tree: Tree) -> Part:
    """The tree as JSON; a value that is JSON already keeps its spelling."""
    writer = _Writer()
    if tree.cut is None:
        writer.write(tree, 0)
        return Part("".join(writer.parts), tuple(writer.places))
    text, start, end = tree.cut
    lines = text[start:end].split("\n")
    places = [(0, tree.line, tree.column)]
    offset = len(lines[0]) + 1
    for index, line in enumerate(lines[1:], 1):
        places.append((offset, tree.line + index, 1))
        offset += len(line) + 1
    return Part(text[start:end], tuple(_columns(text[start:end], places)))


def _columns(text: str, starts: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """A position for every character that may begin a value or a key, from the positions of the lines' first ones."""
    ends = [start for start, _, _ in starts[1:]] + [len(text)]
    for (start, line, column), end in zip(starts, ends, strict=True):
        for offset in range(start, end):
            if text[offset] not in " ,:\t\r\n":
                yield offset, line, column + offset - start


class _Writer:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.places: list[tuple[int, int, int]] = []
        self._length = 0
        self._values = 0

    def write(self, tree: Tree, depth: int) -> None:
        self._values += 1
        if self._values > MAX_VALUES or depth > _MAX_DEPTH:
            raise ProfileError(
                f"expands to more than {MAX_VALUES:,} values or {_MAX_DEPTH} levels, which no profile needs",
                at=Location(tree.line, tree.column, ""),
            )
        self.places.append((self._length, tree.line, tree.column))
        if isinstance(tree.value, dict):
            self._put("{")
            for index, (key, member) in enumerate(tree.value.items()):
                self._put("," if index else "")
                at = tree.keys.get(key, (member.line, member.column))
                self.places.append((self._length, *at))
                self._put(json.dumps(key) + ":")
                self.write(member, depth + 1)
            self._put("}")
        elif isinstance(tree.value, tuple):
            self._put("[")
            for index, item in enumerate(tree.value):
                self._put("," if index else "")
                self.write(item, depth + 1)
            self._put("]")
        else:
            self._put(json.dumps(tree.value))

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self._length += len(text)


def _json_tree(document: Document, node: Node) -> Tree:
    at = document.location(node.start, "")
    value = node.value
    if isinstance(value, Members):
        members = {member.key: _json_tree(document, member.node) for member in value}
        return Tree(members, at.line, at.column, (document.text, node.start, node.end))
    if isinstance(value, list):
        return Tree(tuple(_json_tree(document, item) for item in value), at.line, at.column)
    if isinstance(value, Number):
        whole = value.lstrip("-").isdecimal() and len(value) < 40
        return Tree(int(value) if whole else float(value), at.line, at.column)
    return Tree(value, at.line, at.column)


def _yaml_trees(text: str) -> tuple[Tree, ...]:
    import yaml  # noqa: PLC0415 - slow to import, and only these files need it

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        roots = list(yaml.compose_all(text, loader))
        reader = _YamlReader()
        return tuple(reader.tree(root, 0) for root in roots if root is not None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = Location(mark.line + 1, mark.column + 1, "") if mark else None
        raise ProfileError(f"is not YAML: {error.problem}", at=at) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ProfileError(f"cannot be read as YAML: {reason}") from error


class _YamlReader:
    """Builds a tree from composed nodes; the target of an alias is built once and shared."""

    def __init__(self) -> None:
        self._made: dict[int, Tree] = {}

    def tree(self, node: "yaml.Node", depth: int) -> Tree:
        made = self._made.get(id(node))
        if made is None:
            made = self._made[id(node)] = self._make(node, depth)
        return made

    def _make(self, node: "yaml.Node", depth: int) -> Tree:
        line, column = node.start_mark.line + 1, node.start_mark.column + 1
        if depth > _MAX_DEPTH or len(self._made) > MAX_NODES:
            raise ProfileError("nested too deep, or too long", at=Location(line, column, ""))
        if isinstance(node.value, str):
            return Tree(_scalar(node), line, column)
        if type(node).__name__ == "SequenceNode":
            return Tree(tuple(self.tree(item, depth + 1) for item in node.value), line, column)
        _refuse_twice(node)
        # An alias within its own target would never end.
        self._made[id(node)] = Tree(None, line, column)
        keys = {
            str(key.value): (key.start_mark.line + 1, key.start_mark.column + 1)
            for key, _ in node.value
            if isinstance(key.value, str)
        }
        return Tree(dict(self._members(node, depth)), line, column, keys=keys)

    def _members(self, node: "yaml.Node", depth: int) -> Iterator[tuple[str, Tree]]:
        pairs = [
            (str(key.value) if isinstance(key.value, str) else "", key, value) for key, value in node.value
        ]
        for name, _, value in pairs:
            if name == _MERGE:
                merged = self.tree(value, depth + 1).value
                # Of several, the first has the last word.
                for source in reversed(merged) if isinstance(merged, tuple) else (Tree(merged, 1, 1),):
                    if isinstance(source.value, dict):
                        yield from source.value.items()
        for name, _, value in pairs:
            if name != _MERGE:
                yield name, self.tree(value, depth + 1)


def _refuse_twice(node: "yaml.Node") -> None:
    """Raise ProfileError for a key of `_ONCE` that a mapping has twice: programs differ in which one they take."""
    seen: dict[str, int] = {}
    for key, _ in node.value:
        name = str(key.value) if isinstance(key.value, str) else ""
        if name.lower() not in _ONCE:
            continue
        line = key.start_mark.line + 1
        if name in seen:
            raise ProfileError(
                f"has the key {name!r} twice, also on line {seen[name]}",
                at=Location(line, key.start_mark.column + 1, ""),
                remedy="keep one of them",
            )
        seen[name] = line


def _scalar(node: "yaml.Node") -> Scalar:
    text = str(node.value)
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool":
            return text.lower() in ("true", "yes", "on")
        case "int":
            number = _number(text)
            return text if number is None else number
        case _ if not getattr(node, "style", "") and _OCTAL.fullmatch(text):
            return int(text[2:].replace("_", ""), 8)
        case _:
            return text


def _number(text: str) -> int | None:
    """An integer as Kubernetes reads it, octal with a leading 0; None for the sexagesimal numbers of YAML 1.1."""
    digits = text.replace("_", "")
    octal = re.fullmatch(r"[-+]?0[0-7]+", digits)
    try:
        return int(digits, 8 if octal else 0)
    except ValueError:
        return None
