"""Texts as shells write them: a byte order mark says which encoding it is; PowerShell's `>` writes UTF-16."""

import codecs
from collections.abc import Iterable, Iterator

_MARKS = (
    # A mark of UTF-32 begins like one of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_LONGEST_MARK = 4


def text_of(data: bytes) -> str:
    """The text, in UTF-8 where no mark says otherwise; without the mark, and with U+FFFD for what is no character."""
    mark, encoding = _mark(data)
    return data[len(mark) :].decode(encoding, "replace")


def utf8(data: bytes) -> bytes:
    """The text in UTF-8 without a mark; without any mark, the data as they are."""
    mark, encoding = _mark(data)
    return data[len(mark) :] if encoding == "utf-8" else text_of(data).encode()


def utf8_blocks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The same for a text that comes in pieces, cut anywhere."""
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
