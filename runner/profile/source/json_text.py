"""Parses JSON as Go's encoding/json does, with the position of every value."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from runner.language import tr
from runner.profile.errors import NotJsonError, ProfileError
from runner.profile.model import Location

MAX_BYTES = 1 << 20
"""Docker's own default profile has 15 kB."""
MAX_DEPTH = 64
MAX_VALUES = 50_000
_LONGEST_PATH = 60
_FAR = 1 << 60

_TOKEN = re.compile(
    r"""[ \t\n\r]*(?:
        "(?P<string>[^"\\\x00-\x1f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*)*)"
      | (?P<mark>[][{},:])
      | (?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)
      | (?P<word>true|false|null)
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SURROGATES = "[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]"
_WORDS = {"true": True, "false": False, "null": None}
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Number(str):
    """A number as spelt, since `1` and `1.0` differ to Go."""

    __slots__ = ()


class Node:
    """A JSON value and the range `start` to `end` (exclusive) of its characters."""

    __slots__ = ("end", "start", "value")

    def __init__(self, value: "Value", start: int, end: int) -> None:
        self.value = value
        self.start = start
        self.end = end


class Member:
    """A key of an object, the position where it starts, and its value."""

    __slots__ = ("key", "node", "start")

    def __init__(self, key: str, start: int, node: Node) -> None:
        self.key = key
        self.start = start
        self.node = node


class Members(tuple[Member, ...]):
    """The members of an object in order, duplicates included."""

    __slots__ = ()


Value = str | Number | bool | list[Node] | Members | None


Places = tuple[tuple[int, int, int], ...]
"""Offsets in a text, in order, each with the line and column in the text that it was taken from."""


class Document:
    """A parsed JSON text; `root` is its value, `places` its positions in the text it was taken from, if any.

    Documents of one text share `lines`, which the first of them fills that is asked for a place.
    """

    __slots__ = ("_lines", "places", "root", "text")

    def __init__(self, text: str, root: Node, places: Places = (), lines: list[int] | None = None) -> None:
        self.text = text
        self.root = root
        self.places = places
        self._lines = [] if lines is None else lines

    def location(self, offset: int, path: str) -> Location:
        """The location of the character at `offset`, labelled with `path`."""
        if self.places:
            _, line, column = self.places[max(bisect_right(self.places, (offset, _FAR, 0)) - 1, 0)]
            return Location(line, column, path)
        if not self._lines:
            self._lines += _line_starts(self.text)
        line = bisect_right(self._lines, offset)
        return Location(line, offset - self._lines[line - 1] + 1, path)

    def find(self, path: str) -> Node | None:
        """The value at a JSON path such as `syscalls[3].args[0].op`; the last of equal keys."""
        node: Node | None = self.root
        for key, index in re.findall(r"([^.\[\]]+)|\[(\d+)\]", path):
            if node is None:
                return None
            node = _item(node, int(index)) if index else _member(node, key)
        return node


def fold(key: str) -> str:
    """The form in which encoding/json compares keys that do not match exactly."""
    return key.replace("\u017f", "s").lower()


def child(path: str, key: str) -> str:
    """The JSON path of a member."""
    if not _PLAIN_KEY.fullmatch(key):
        return f"{path}[{quoted(key)}]"
    return f"{path}.{key}" if path else key


def quoted(text: str, *, most: int = 40) -> str:
    """A string for a message: quoted, printable and shortened."""
    clipped = text if len(text) <= most else text[: most - 1] + "…"
    return '"' + "".join(_printable(character) for character in clipped) + '"'


def parse(text: str | bytes, places: Places = ()) -> Document:
    """Parse a whole JSON text.

    Raises:
        ProfileError: it is not JSON, or larger or deeper than any profile needs to be.
    """
    if len(text) > MAX_BYTES:
        raise ProfileError(
            tr("the file is larger than {size} MiB, which no profile needs", size=MAX_BYTES >> 20)
        )
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return Document(text, _Parser(text).parse(), places)


def parse_documents(text: str, *, most_values: int = MAX_VALUES) -> tuple[Document, ...]:
    """Parse JSON texts that follow each other, as `kubectl` and `jq` print several.

    Raises:
        ProfileError: one of them is not JSON.
    """
    parser = _Parser(text, most_values)
    lines: list[int] = []
    return tuple(Document(text, node, lines=lines) for node in parser.parse_all())


class _SyntaxFaultError(Exception):
    """Invalid JSON at `offset`; the keys and indices around it are added as the exception rises."""

    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason
        self.around: list[str | int] = []

    def located(self, text: str) -> NotJsonError:
        path = ""
        for key in reversed(self.around):
            path = child(path, key) if isinstance(key, str) else f"{path}[{key}]"
        if len(path) > _LONGEST_PATH:
            path = path[:_LONGEST_PATH] + "…"
        starts = _line_starts(text[: self.offset])
        return NotJsonError(self.reason, at=Location(len(starts), self.offset - starts[-1] + 1, path))


class _Parser:
    def __init__(self, text: str, most_values: int = MAX_VALUES) -> None:
        self._text = text
        self._match = _TOKEN.match
        self._values = 0
        self._most_values = most_values

    def parse(self) -> Node:
        try:
            node, position = self._value(0, 0)
            token = self._match(self._text, position)
            if token is None or token.lastgroup != "end":
                raise self._fault(position, tr("expected the end of the file after the profile"))
        except _SyntaxFaultError as fault:
            raise fault.located(self._text) from None
        return node

    def parse_all(self) -> list[Node]:
        nodes, position, token = list[Node](), 0, None
        try:
            while token is None or token.lastgroup != "end":
                node, position = self._value(position, 0)
                nodes.append(node)
                token = self._match(self._text, position)
        except _SyntaxFaultError as fault:
            raise fault.located(self._text) from None
        return nodes

    def _value(self, position: int, depth: int) -> tuple[Node, int]:
        token = self._match(self._text, position)
        if token is None:
            raise self._fault(position, tr("expected a value"))
        kind, end = token.lastgroup, token.end()
        self._values += 1
        if self._values > self._most_values:
            number = f"{self._most_values:,}"
            raise _SyntaxFaultError(
                end, tr("more than {number} values, which no profile needs", number=number)
            )
        if kind == "string":
            raw = token["string"]
            return Node(_unescape(raw), token.start("string") - 1, end), end
        if kind == "number":
            return Node(Number(token["number"]), token.start("number"), end), end
        if kind == "word":
            return Node(_WORDS[token["word"]], token.start("word"), end), end
        mark = token["mark"]
        if mark not in ("{", "["):
            raise self._fault(position, tr("expected a value"))
        if depth >= MAX_DEPTH:
            raise _SyntaxFaultError(
                end - 1, tr("nested deeper than {depth} levels, which no profile needs", depth=MAX_DEPTH)
            )
        return self._object(end, depth + 1) if mark == "{" else self._array(end, depth + 1)

    def _array(self, position: int, depth: int) -> tuple[Node, int]:
        start, items = position - 1, list[Node]()
        token = self._match(self._text, position)
        if token is not None and token["mark"] == "]":
            return Node(items, start, token.end()), token.end()
        while True:
            if token is not None and token.lastgroup in ("mark", "end") and token["mark"] not in ("{", "["):
                raise self._in_array(position, tr("expected a value"), start, items)
            try:
                node, position = self._value(position, depth)
            except _SyntaxFaultError as fault:
                fault.around.append(len(items))
                raise
            items.append(node)
            token = self._match(self._text, position)
            mark = token["mark"] if token is not None else None
            if token is None or mark not in (",", "]"):
                raise self._in_array(position, tr("expected ',' or ']' in this array"), start, items)
            position = token.end()
            if mark == "]":
                return Node(items, start, position), position
            token = self._match(self._text, position)

    def _object(self, position: int, depth: int) -> tuple[Node, int]:
        start, members = position - 1, list[Member]()
        token = self._match(self._text, position)
        if token is not None and token["mark"] == "}":
            return Node(Members(), start, token.end()), token.end()
        while True:
            token = self._match(self._text, position)
            if token is None or token.lastgroup != "string":
                raise self._in_object(position, tr("expected a key in double quotes"), start, members)
            key, key_start = _unescape(token["string"]), token.start("string") - 1
            colon = self._match(self._text, token.end())
            if colon is None or colon["mark"] != ":":
                raise self._fault(token.end(), tr("expected ':' after the key {key}", key=quoted(key)))
            try:
                node, position = self._value(colon.end(), depth)
            except _SyntaxFaultError as fault:
                fault.around.append(key)
                raise
            members.append(Member(key, key_start, node))
            token = self._match(self._text, position)
            mark = token["mark"] if token is not None else None
            if token is None or mark not in (",", "}"):
                raise self._in_object(position, tr("expected ',' or '}' in this object"), start, members)
            position = token.end()
            if mark == "}":
                return Node(Members(members), start, position), position

    def _fault(
        self, position: int, expected: str, start: int | None = None, ends: Sequence[int] = ()
    ) -> _SyntaxFaultError:
        """The fault after `position`, in the array or object at `start`; `ends` are the ends of its items."""
        from runner.profile.source.json_fault import Inside, diagnose  # noqa: PLC0415 - slow, and seldom needed

        inside = None if start is None else Inside(start, tuple(ends))
        return _SyntaxFaultError(*diagnose(self._text, position, expected, inside))

    def _in_array(self, position: int, expected: str, start: int, items: list[Node]) -> _SyntaxFaultError:
        return self._fault(position, expected, start, [item.end for item in items])

    def _in_object(
        self, position: int, expected: str, start: int, members: list[Member]
    ) -> _SyntaxFaultError:
        return self._fault(position, expected, start, [member.node.end for member in members])


def _printable(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else repr(character)[1:-1]


def _line_starts(text: str) -> list[int]:
    starts, position = [0], text.find("\n")
    while position >= 0:
        starts.append(position + 1)
        position = text.find("\n", position + 1)
    return starts


def _unescape(raw: str) -> str:
    """Decode escapes; Go's strings hold no lone surrogates, so each becomes U+FFFD."""
    if "\\" not in raw and raw.isascii():
        return raw
    text = _ESCAPE.sub(
        lambda match: chr(int(match[1], 16)) if match[1] else _ESCAPED.get(match[2], match[2]), raw
    )
    # Compiled when needed: a class of high characters takes longer to compile than a profile takes to read.
    return text if text.isascii() else re.sub(_SURROGATES, _join_surrogates, text)


def _join_surrogates(match: re.Match[str]) -> str:
    pair = match[0]
    return pair.encode("utf-16", "surrogatepass").decode("utf-16") if len(pair) == 2 else "\ufffd"


def _item(node: Node, index: int) -> Node | None:
    return node.value[index] if isinstance(node.value, list) and index < len(node.value) else None


def _member(node: Node, key: str) -> Node | None:
    if not isinstance(node.value, Members):
        return None
    matching = [member.node for member in node.value if member.key == key or fold(member.key) == fold(key)]
    return matching[-1] if matching else None
