"""Marks are found wherever they are cut, and no byte is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.shell.marks import LONGEST, Mark, MarkParser, Text

PIECES = st.sampled_from(
    [
        *(
            b"\x1b]133;A\x07",
            b"\x1b]133;D;0;aid=x-1\x1b\\",
            b"\x1b]133;B\x07",
            b"\x1b]133;",
            b"\x1b]13",
            b"\x1b",
        ),
        *(
            b"\x1b]0;title\x07",
            b"\x1b[31m",
            b"\x07",
            b"\x1b\\",
            b"text",
            b"\r\n",
            "ž".encode(),
            b"\xff",
            b";",
            b"133;",
        ),
    ]
)
STREAMS = st.one_of(st.lists(PIECES, max_size=12).map(b"".join), st.binary(max_size=60))


def parse(*chunks):
    """The events, neighbouring texts joined."""
    parser = MarkParser()
    events = [event for chunk in chunks for event in parser.feed(chunk)] + list(parser.end())
    joined = []
    for event in events:
        if isinstance(event, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].data + event.data)
        else:
            joined.append(event)
    return joined


@given(STREAMS, st.data())
def test_any_chunking_gives_the_same_events(stream, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    chunks = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert parse(*chunks) == parse(stream)
    assert parse(*(bytes([byte]) for byte in stream)) == parse(stream)


@given(STREAMS)
def test_every_byte_comes_out_unaltered(stream):
    assert b"".join(event.raw if isinstance(event, Mark) else event.data for event in parse(stream)) == stream


@pytest.mark.parametrize("end", [b"\x07", b"\x1b\\"])
def test_a_mark_has_a_kind_fields_and_options(end):
    raw = b"\x1b]133;D;12;aid=ab-7" + end
    [mark] = parse(raw)
    assert mark == Mark("D", ("12", "aid=ab-7"), raw)
    assert (mark.option("aid"), mark.option("id")) == ("ab-7", "")


def test_a_control_character_ends_what_was_not_a_mark():
    assert parse(b"\x1b]133;A\n\x1b]133;B\x07") == [Text(b"\x1b]133;A\n"), Mark("B", (), b"\x1b]133;B\x07")]


def test_a_mark_without_an_end_is_let_go():
    """An endless one neither grows without bound nor hides what follows."""
    parser = MarkParser()
    events = [event for _ in range(LONGEST // 64 + 2) for event in parser.feed(b"\x1b]133;" + b"x" * 58)]
    assert sum(len(event.data) for event in events) >= LONGEST // 2
    assert list(parser.feed(b"\n\x1b]133;A\x07"))[-1] == Mark("A", (), b"\x1b]133;A\x07")


def test_text_is_handed_on_at_once():
    assert list(MarkParser().feed(b"no newline yet")) == [Text(b"no newline yet")]
