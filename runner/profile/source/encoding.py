"""Decodes texts as shells write them: a byte order mark gives the encoding; PowerShell's `>` writes UTF-16.

UTF-16 without a mark is recognised by its first two characters, which are ASCII in all files that are read here.
"""

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
_PACKED = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"PK\x03\x04", "zip"),
)


def packed_with(data: bytes) -> str:
    """The program that has compressed the data; "" for what is not compressed."""
    return next((name for magic, name in _PACKED if data.startswith(magic)), "")


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
    found = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), None)
    if found is not None:
        return found
    first = data[:_LONGEST_MARK]
    zeros = [not byte for byte in first]
    if zeros == [False, True, False, True]:
        return b"", "utf-16-le"
    return b"", "utf-16-be" if zeros == [True, False, True, False] else "utf-8"
