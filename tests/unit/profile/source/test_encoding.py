"""Texts in the encodings that a byte order mark names."""

import bz2
import codecs
import gzip
import lzma

import pytest

from runner.profile.errors import NotJsonError
from runner.profile.source.encoding import packed_with, text_of, utf8, utf8_blocks
from runner.profile.source.reader import read_profile

TEXT = '{"é": "\U0001f600"}\r\n'
ENCODED = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf-16-le": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16-be": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-32-le": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    "utf-32-be": codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
}


@pytest.mark.parametrize("data", ENCODED.values(), ids=ENCODED)
def test_every_marked_encoding_is_read_whole_and_in_pieces(data: bytes) -> None:
    assert text_of(data) == TEXT
    assert utf8(data) == TEXT.encode()
    for size in (1, 3, 5, 100):
        blocks = [data[start : start + size] for start in range(0, len(data), size)]
        assert b"".join(utf8_blocks(blocks)) == TEXT.encode()


def test_text_without_a_mark_is_unchanged() -> None:
    assert utf8(b"\xffa\0") == b"\xffa\0"
    assert list(utf8_blocks([])) == []
    assert list(utf8_blocks([b"a", b"b\xff"])) == [b"ab\xff"]


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF16_LE], ids=["without a mark", "with a mark"])
def test_a_profile_in_utf_16_is_refused_in_words_that_say_how_to_convert_it(mark: bytes) -> None:
    with pytest.raises(NotJsonError) as caught:
        read_profile(mark + '{"defaultAction": "SCMP_ACT_ALLOW"}'.encode("utf-16-le"))
    assert "UTF-16, which Docker refuses" in caught.value.reason
    assert "iconv -f UTF-16 -t UTF-8" in caught.value.reason


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_known_by_its_first_characters(encoding: str) -> None:
    data = "read(3)\n".encode(encoding)
    assert utf8(data) == b"read(3)\n"
    assert b"".join(utf8_blocks([data[:5], data[5:]])) == b"read(3)\n"


@pytest.mark.parametrize(
    ("pack", "name"), [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz"), (bytes, "")]
)
def test_what_is_compressed_is_known(pack, name: str) -> None:
    assert packed_with(pack(b"read(3)\n")) == name
