"""Commands that start containers, on the lines of a script or in other text."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_ENGINE = re.compile(r"\b(?:docker|podman|nerdctl)\b")
_STARTS = re.compile(r"\b(?:run|create)\b")
_END = re.compile(r"&&|\|\||;")
_CONTINUED = ("\\", "`", "^")
"""The last sign of a line that goes on with the next one: in a shell, in PowerShell, and in Windows' cmd."""
_PRIVILEGED = re.compile(r"(?<!\S)[\"']?--privileged(?:=true)?[\"']?(?!\S)")
_COMMENT = re.compile(r"[ \t]*#")


class Command(NamedTuple):
    """The range of characters of a command that starts a container, and the offset of `--privileged` or None."""

    start: int
    end: int
    privileged: int | None


def commands(text: str) -> Iterator[Command]:
    """The commands of a text that start containers."""
    for begin, end in _lines(text):
        start = begin
        for stop in (*(match.start() for match in _END.finditer(text, begin, end)), end):
            line = text[start:stop].replace("\\\n", "  ").replace("\n", " ")
            engine = None if _COMMENT.match(line) else _ENGINE.search(line)
            if engine and _STARTS.search(line, engine.end()):
                found = _PRIVILEGED.search(text, start, stop)
                yield Command(start, stop, found.start() if found else None)
            start = stop


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The ranges of the lines, those that go on with the next one together with it."""
    start = position = 0
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        goes_on = text[position:end].rstrip().endswith(_CONTINUED)
        position = end + 1
        if not goes_on:
            yield start, end
            start = position
    if start < len(text):
        yield start, len(text)
