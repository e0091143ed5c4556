"""The shell-integration marks (OSC 133) in a terminal's bytes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

INTRODUCER = b"\x1b]133;"
BEL = b"\x07"
LONGEST = 4096
"""The number of bytes after which an unterminated mark is text after all."""

_END = re.compile(rb"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Text:
    """Bytes that are not a mark."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """`OSC 133 ; kind ; fields…`; `raw` is the mark as it came."""

    kind: str
    fields: tuple[str, ...]
    raw: bytes

    def option(self, name: str) -> str:
        """The value of the field `name=value`, "" if there is none."""
        return next((field[len(name) + 1 :] for field in self.fields if field.startswith(f"{name}=")), "")


class MarkParser:
    """Splits bytes, in chunks of any size, into text and marks; no byte is lost or changed.

    A mark ends with BEL or ESC \\. Any other control character in it, or too great a length, makes it text.
    Bytes that may yet become a mark are held back until the next chunk or `end`.
    """

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> Iterator[Text | Mark]:
        """Take the next chunk and yield what is complete."""
        data, self._held = self._held + data, b""
        done = 0
        search = 0
        while (start := _introducer(data, search)) >= 0:
            end = _END.search(data, start + len(INTRODUCER))
            stop = end.end() if end else len(data)
            if end and end.group() == b"\x1b" and stop < len(data) and data[stop : stop + 1] == b"\\":
                stop += 1
            elif stop - start <= LONGEST and (end is None or (end.group() == b"\x1b" and stop == len(data))):
                self._held = data[start:]
                data = data[:start]
                break
            elif end is None or end.group() != BEL:
                search = start + 1
                continue
            if start > done:
                yield Text(data[done:start])
            yield _mark(data[start:stop])
            done = search = stop
        if done < len(data):
            yield Text(data[done:])

    def end(self) -> Iterator[Text]:
        """Yield the bytes that were held back: nothing follows."""
        held, self._held = self._held, b""
        if held:
            yield Text(held)


def _introducer(data: bytes, search: int) -> int:
    """The position of the next introducer, even one cut off at the end of `data`; -1 if there is none."""
    found = data.find(INTRODUCER, search)
    if found >= 0:
        return found
    last = data.rfind(b"\x1b", max(search, len(data) - len(INTRODUCER) + 1))
    return last if last >= 0 and INTRODUCER.startswith(data[last:]) else -1


def _mark(raw: bytes) -> Mark:
    body = raw[len(INTRODUCER) :].removesuffix(BEL).removesuffix(b"\x1b\\")
    kind, *fields = body.decode("utf-8", "replace").split(";")
    return Mark(kind, tuple(fields), raw)
