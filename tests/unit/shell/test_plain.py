"""Output reads as it would on paper, for any input, in linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.shell.plain import LIMIT, Output, plain


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        (b"a\r\nb\r\n", "a\nb\n"),
        (b"a\r\r\n", "a\n"),
        (b"\x1b[1;31mred\x1b[m \x1b[38;5;9mcolour\x1b[0m", "red colour"),
        (b"\x1b]0;title\x07x\x1b]8;;http://a\x1b\\y", "xy"),
        (b"\x1bP1$rq\x1b\\x\x1b(By\x1bcz", "xyz"),
        (b"10%\r20%\r\x1b[Kdone\r\n", "done\n"),
        (b"10%\x1b[G20%\x1b[1G\x1b[Kdone\r\n", "done\n"),
        (b"wrong\x1b[2K\rright", "right"),
        (b"abc\x08\x08X", "aXc"),
        (b"bell\x07 nul\x00", "bell nul"),
        (b"caf\xc3\xa9 \xff", "café \ufffd"),
        (b"\ttab", "\ttab"),
        (b"\x1b]unterminated\nnext", "\nnext"),
    ],
)
def test_plain_text(printed, text):
    assert plain(printed) == text


@given(st.binary())
def test_nothing_of_the_terminals_language_is_left(data):
    assert not set(plain(data)) & {"\x1b", "\r", "\b", "\x07"}


@given(st.lists(st.binary(max_size=200)))
def test_short_output_is_whole_however_it_comes(chunks):
    output = Output()
    for chunk in chunks:
        output.add(chunk)
    assert output.text() == plain(b"".join(chunks))


def test_long_output_keeps_its_beginning_and_its_end():
    output = Output()
    line = b"0123456789abcde\n"
    for _ in range(20):
        output.add(line * (LIMIT // 64))
    output.add(b"the end")
    text = output.text()
    assert text.startswith("0123456789abcde\n")
    assert text.endswith("the end")
    assert f"[… {20 * (LIMIT // 64) * 16 + 7 - LIMIT} bytes left out …]" in text
    assert len(text) < LIMIT + 100


@pytest.mark.parametrize(
    "unit",
    [
        b"\r\x1b[Kx",
        b"\x1b[2Kx",
        b"x\x08\x08",
        b"\x1b]133;",
        b"\x1bP",
        b"\x1b[",
        b"a\rb\x1b[K",
        b"\x1b]x\n",
        b"\xff",
    ],
)
def test_time_grows_with_length_only(unit):
    """Four times the length takes nowhere near sixteen times as long."""

    def seconds(count):
        data = b"y" * count + unit * count
        samples = []
        for _ in range(3):
            begun = time.process_time()
            plain(data)
            samples.append(time.process_time() - begun)
        return min(samples)

    assert seconds(80_000) < 9 * seconds(20_000) + 0.02
