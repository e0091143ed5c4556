"""Decodes texts as shells write them: a byte order mark gives the encoding; PowerShell's `>` writes UTF-16."""

import codecs
from collections.abc import Iterable, Iterator

_MARKS = (
    # A mark of UTF-32 begins like a mark of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_LONGEST_MARK = 4


def text_of(data: bytes) -> str:
    """Decode by the byte order mark, else as UTF-8; without the mark, and with U+FFFD for invalid bytes."""
    mark, encoding = _mark(data)
    return data[len(mark) :].decode(encoding, "replace")


def utf8(data: bytes) -> bytes:
    """The text in UTF-8 without a mark; data without a mark are returned unchanged."""
    mark, encoding = _mark(data)
    return data[len(mark) :] if encoding == "utf-8" else text_of(data).encode()


def utf8_blocks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Convert a text that comes in pieces, cut at any byte, to UTF-8 without a mark."""
    waiting = iter(blocks)
    head = b""
    for block in waiting:
        head += block
        if len(head) >= _LONGEST_MARK:
            break
    mark, encoding = _mark(head)
    head = head[len(mark) :]
    if encoding == "utf-8":
        if head:
            yield head
        yield from waiting
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(head).encode()
    for block in waiting:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()


def _mark(data: bytes) -> tuple[bytes, str]:
    return next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
