"""JSON and YAML as one kind of tree with positions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from runner.profile.errors import ProfileError
from runner.profile.model import Location
from runner.profile.source.json_text import (
    MAX_DEPTH,
    Document,
    Members,
    Node,
    Number,
    parse_documents,
)

if TYPE_CHECKING:
    import yaml

MAX_CHARACTERS = 8 << 20
MAX_NODES = 500_000
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
_RESET = "!reset"
_OVERRIDE = "!override"
"""Compose's tags: of a value that does not count, and of one that stands alone."""
_MOST_DIGITS = 40
"""The longest text that is taken for a number: Python neither reads nor writes one of thousands of digits."""
_OCTAL = re.compile(rf"0o[0-7][0-7_]{{,{_MOST_DIGITS}}}")
"""An octal number as YAML 1.2 writes it, which a reader of YAML 1.1 takes for text."""

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """A value with its 1-based line and column.

    `cut` is the text and the range of characters that spell the value; `keys` are the positions of an object's keys.
    `cleared` are the keys of an object whose values in other files do not count, as Compose's tags ask for.
    """

    value: "Scalar | tuple[Tree, ...] | dict[str, Tree]"
    line: int
    column: int
    cut: tuple[str, int, int] | None = None
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    cleared: frozenset[str] = frozenset()

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


def first_sign(text: str) -> str:
    """The first sign of a text that is neither blank nor a byte order mark; "" if there is none."""
    return text.lstrip("\ufeff \t\r\n")[:1]


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


def _json_tree(document: Document, node: Node) -> Tree:
    at = document.location(node.start, "")
    value = node.value
    if isinstance(value, Members):
        members = {member.key: _json_tree(document, member.node) for member in value}
        return Tree(members, at.line, at.column, (document.text, node.start, node.end))
    if isinstance(value, list):
        return Tree(tuple(_json_tree(document, item) for item in value), at.line, at.column)
    if isinstance(value, Number):
        whole = value.lstrip("-").isdecimal() and len(value) <= _MOST_DIGITS
        return Tree(int(value) if whole else float(value), at.line, at.column)
    return Tree(value, at.line, at.column)


def _yaml_trees(text: str) -> tuple[Tree, ...]:
    import yaml  # noqa: PLC0415 - slow to import, and only these files need it

    from runner.yaml_nesting import first_refused, may_nest_deep  # noqa: PLC0415 - as above

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if may_nest_deep(text):
            deep = first_refused(text, loader, most_levels=MAX_DEPTH + 1, aliases=True)
            if deep is not None:
                raise _too_deep(_place(deep.start_mark))
        roots = list(yaml.compose_all(text, loader))
        reader = _YamlReader()
        return tuple(reader.tree(root, 0) for root in roots if root is not None)
    except yaml.MarkedYAMLError as error:
        raise ProfileError(f"is not YAML: {error.problem}", at=_place(error.problem_mark)) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200]
        raise ProfileError(f"cannot be read as YAML: {reason}") from error


class _Mark(Protocol):
    """A place in a text, as PyYAML and its part in C have it, counted from 0."""

    line: int
    column: int


def _place(mark: _Mark | None) -> Location | None:
    return Location(mark.line + 1, mark.column + 1, "") if mark else None


def _too_deep(at: Location | None) -> ProfileError:
    return ProfileError(f"nested deeper than {MAX_DEPTH} levels, which no profile needs", at=at)


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
        if depth > MAX_DEPTH:
            raise _too_deep(Location(line, column, ""))
        if len(self._made) > MAX_NODES:
            raise ProfileError(
                f"has more than {MAX_NODES:,} values, which no profile needs", at=Location(line, column, "")
            )
        if isinstance(node.value, str):
            return Tree(_scalar(node), line, column)
        if type(node).__name__ == "SequenceNode":
            items = (item for item in node.value if item.tag != _RESET)
            return Tree(tuple(self.tree(item, depth + 1) for item in items), line, column)
        _refuse_twice(node)
        # An alias within its own target would never end.
        self._made[id(node)] = Tree(None, line, column)
        keys = {
            str(key.value): (key.start_mark.line + 1, key.start_mark.column + 1)
            for key, _ in node.value
            if isinstance(key.value, str)
        }
        members = dict(self._members(node, depth))
        return Tree(members, line, column, keys=keys, cleared=frozenset(self._cleared(node, depth)))

    def _members(self, node: "yaml.Node", depth: int) -> Iterator[tuple[str, Tree]]:
        pairs = [
            (str(key.value) if isinstance(key.value, str) else "", key, value) for key, value in node.value
        ]
        for source in self._merged(node, depth):
            if isinstance(source.value, dict):
                yield from source.value.items()
        for name, _, value in pairs:
            if name != _MERGE and value.tag != _RESET:
                yield name, self.tree(value, depth + 1)

    def _merged(self, node: "yaml.Node", depth: int) -> Iterator[Tree]:
        """The mappings whose members a mapping takes by `<<`; of several, the first has the last word."""
        for key, value in node.value:
            if key.value == _MERGE:
                merged = self.tree(value, depth + 1)
                yield from reversed(merged.value) if isinstance(merged.value, tuple) else (merged,)

    def _cleared(self, node: "yaml.Node", depth: int) -> Iterator[str]:
        for source in self._merged(node, depth):
            yield from source.cleared
        for key, value in node.value:
            if value.tag in (_RESET, _OVERRIDE):
                yield str(key.value)


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
    tag = _plain_tag(text) if node.tag == _OVERRIDE and not getattr(node, "style", "") else node.tag
    match tag.rpartition(":")[2]:
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


def _plain_tag(text: str) -> str:
    """The tag that a plain scalar has by its text."""
    import yaml  # noqa: PLC0415 - as above

    return next((node.tag for node in yaml.compose_all(text, yaml.SafeLoader)), "")


def _number(text: str) -> int | None:
    """An integer as Kubernetes reads it, octal with a leading 0.

    None for one with more digits than any has, and for the sexagesimal numbers of YAML 1.1.
    """
    digits = text.replace("_", "")
    if len(digits) > _MOST_DIGITS:
        return None
    octal = re.fullmatch(r"[-+]?0[0-7]+", digits)
    try:
        return int(digits, 8 if octal else 0)
    except ValueError:
        return None
