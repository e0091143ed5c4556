"""The plain text of a program's terminal output."""

import re
from collections.abc import Iterator

LIMIT = 1 << 20
"""The number of bytes kept of a command's output."""

_HEAD = LIMIT * 3 // 4
_TAIL = LIMIT - _HEAD
_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*+[ -/]*+[@-~]"
    r"|\x1b\][^\x07\x1b\n]*+(?:\x07|\x1b\\)?"
    r"|\x1b[PX^_][^\x07\x1b]*+\x1b\\"
    r"|\x1b[ -/]*+[0-~]"
)
_DROPPED = re.compile(r"[\x00-\x07\x0b-\x0c\x0e-\x1f\x7f]")
# The remaining sequences in a line that is overwritten.
_OVERWRITING = re.compile(r"\x1b\[(?P<number>\d*)K|(?P<control>[\r\b])|(?P<text>[^\r\b\x1b]+)|\x1b")
_TO_FIRST_COLUMN = re.compile(r"\x1b\[[01]?G")
_KEEP_ERASURE = re.compile(r"(?!\x1b\[[012]?K)" + f"(?:{_SEQUENCE.pattern})")


class Output:
    """A command's output, collected as it comes: the first 768 KiB and the last 256 KiB."""

    def __init__(self) -> None:
        self._head = bytearray()
        self._tail = bytearray()
        self._left_out = 0

    @property
    def empty(self) -> bool:
        """True if nothing has come yet."""
        return not self._head

    def add(self, data: bytes) -> None:
        """Take the next bytes."""
        room = _HEAD - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        self._tail += data
        # Cut rarely, so that each byte is moved at most once or twice.
        if len(self._tail) > 2 * _TAIL:
            self._cut()

    def text(self) -> str:
        """The plain text, with a line that says how much was left out, if anything was."""
        if len(self._tail) > _TAIL:
            self._cut()
        if not self._left_out:
            return plain(bytes(self._head + self._tail))
        marker = f"[… {self._left_out} bytes left out …]"
        return f"{plain(bytes(self._head)).rstrip()}\n{marker}\n{plain(bytes(self._tail))}"

    def _cut(self) -> None:
        excess = len(self._tail) - _TAIL
        del self._tail[:excess]
        self._left_out += excess


def plain(data: bytes) -> str:
    """The text that a terminal would show for `data`: no escape sequences, newlines as line ends, no overwritten text.

    Movements to other lines are left out. Runs in linear time for any input.
    """
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    if "\x1b" not in text and "\r" not in text and "\b" not in text:
        return _DROPPED.sub("", text)
    return "\n".join(_lines(_TO_FIRST_COLUMN.sub("\r", text)))


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        kept = _KEEP_ERASURE.sub("", line) if "\x1b" in line else line
        # A carriage return at the end, as from CR CR LF, leaves the line as it is.
        kept = kept.rstrip("\r")
        kept = _overwritten(kept) if "\r" in kept or "\b" in kept else _SEQUENCE.sub("", kept)
        yield _DROPPED.sub("", kept)


def _overwritten(line: str) -> str:
    cells: list[str] = []
    column = 0
    for token in _OVERWRITING.finditer(line):
        if token["text"]:
            cells[column : column + len(token["text"])] = token["text"]
            column += len(token["text"])
        elif token["control"] == "\r":
            column = 0
        elif token["control"] == "\b":
            column = max(column - 1, 0)
        elif token["number"] == "2":
            # Programs that erase a whole line return to its start; keeping the column would cost unbounded time.
            cells.clear()
            column = 0
        elif token["number"] in {"", "0"}:
            del cells[column:]
    return "".join(cells)
