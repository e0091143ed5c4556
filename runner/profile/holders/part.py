"""A part of a document as a separate text, which is read as a profile with its positions in the document."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from runner.profile.errors import ProfileError
from runner.profile.holders.tree import Tree
from runner.profile.model import Location
from runner.profile.source.json_text import MAX_DEPTH, MAX_VALUES, Places


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
        if self._values > MAX_VALUES or depth > MAX_DEPTH:
            raise ProfileError(
                f"expands to more than {MAX_VALUES:,} values or {MAX_DEPTH} levels, which no profile needs",
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
