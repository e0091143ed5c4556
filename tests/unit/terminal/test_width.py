"""A program cannot change the width of the window."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.terminal.width import WidthGuard

CLEAR = b"\x1b[r\x1b[2J\x1b[H"


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"a\x1b[?40hb", b"ab"),
        (b"a\x1b[?3hb", b"ab"),
        (b"\x1b[?40h\x1b[?3hwide\x1b[?3lnarrow", CLEAR + b"wide" + CLEAR + b"narrow"),
        (b"\x1b[?40h\x1b[?40l\x1b[?3h", b""),
        (b"\x1b[?30h\x1b[?4h\x1b[3h\x1b[?3;4l", b"\x1b[?30h\x1b[?4h\x1b[3h\x1b[?3;4l"),
    ],
)
def test_a_width_switch_keeps_its_side_effects(stream, expected):
    assert WidthGuard().filter(stream) == expected


@given(
    parts=st.lists(
        st.sampled_from([b"\x1b[?40h", b"\x1b[?3h", b"\x1b[?3l", b"x", b"\x1b", b"[?", b"40", b"\x1b[?4"])
    ),
    cuts=st.lists(st.integers(0, 60)),
)
def test_where_chunks_end_does_not_matter(parts, cuts):
    stream = b"".join(parts) + b"."
    guard = WidthGuard()
    edges = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    pieces = [guard.filter(stream[start:end]) for start, end in pairwise(edges)]
    assert b"".join(pieces) == WidthGuard().filter(stream)
