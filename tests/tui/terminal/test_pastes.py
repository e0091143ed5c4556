"""Pastes of any size: told from keys, passed on as they come, and bounded if nothing takes them."""

import pytest

from runner.terminal.emulator import Modes
from runner.tui.internals import pastes
from runner.tui.internals.pastes import BACKLOG, LIMIT, PATIENCE, PasteSplitter, PasteStream, Piece
from runner.tui.widgets.terminal.keys import PasteEncoder, encode_paste
from tests.clock import Clock

INPUT = b"ls\x1b[200~one\x1b[A two\r\n\x1b[201~\x1b[Bq\x1b[200~\x1b[201~\x1b"


def told(pieces) -> list[tuple[str, bytes]]:
    """The content of the pieces, with adjacent ones joined."""
    joined: list[tuple[str, bytes]] = []
    for piece in pieces:
        kind = "begin" if piece.begins else "end" if piece.ends else "keys" if piece.keys else "text"
        data = piece.keys or piece.text
        if joined and joined[-1][0] == kind and data:
            joined[-1] = kind, joined[-1][1] + data
        else:
            joined.append((kind, data))
    return joined


def test_a_paste_is_told_from_keys_wherever_the_reads_divide_it():
    """But for a marker whose first two bytes come alone: those may be a key, which must not wait."""
    cuts = [cut for cut in range(len(INPUT)) if not INPUT[:cut].endswith((b"\x1b", b"\x1b["))]
    for cut in cuts:
        splitter = PasteSplitter()
        pieces = [*splitter.feed(INPUT[:cut]), *splitter.feed(INPUT[cut:])]
        assert told(pieces) == [
            ("keys", b"ls"),
            ("begin", b""),
            ("text", b"one\x1b[A two\r\n"),
            ("end", b""),
            ("keys", b"\x1b[Bq"),
            ("begin", b""),
            ("end", b""),
            ("keys", b"\x1b"),
        ]


def test_the_end_is_found_however_it_is_divided():
    for at in range(1, len(pastes.END)):
        splitter = PasteSplitter()
        data = pastes.BEGIN + b"text" + pastes.END
        cut = len(data) - at
        pieces = [*splitter.feed(data[:cut]), *splitter.feed(data[cut:])]
        assert told(pieces) == [("begin", b""), ("text", b"text"), ("end", b"")]


def test_a_possible_start_of_a_paste_becomes_keys_after_a_moment():
    splitter = PasteSplitter()
    assert list(splitter.feed(b"a\x1b[20")) == [Piece(keys=b"a")]
    assert splitter.flush() == b"\x1b[20"
    assert splitter.flush() == b""


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("bracketed", [True, False])
def test_parts_are_sent_as_the_whole_would_be(size, bracketed):
    modes = Modes(bracketed_paste=bracketed)
    text = "one\r\ntwo\nthree\r\x1b[31mé€😀\x00\x85\t\r\n"
    data = text.encode()
    encoder = PasteEncoder(modes)
    parts = b"".join(encoder.transcode(data[at : at + size]) for at in range(0, len(data), size))
    assert encoder.begin + parts + encoder.end == encode_paste(text, modes)
    assert "one\rtwo\rthree\r[31mé€😀\t\r".encode() in encode_paste(text, modes)


class Taker:
    """A terminal whose program takes as much as a test says."""

    def __init__(self, *, takes: bool = True) -> None:
        self.takes = takes
        self.got = b""
        self.paste_backlog = 0
        self.ended = self.dropped = False

    def begin_paste(self) -> bool:
        return self.takes

    def take_paste_part(self, data: bytes) -> None:
        self.got += data

    def end_paste(self) -> None:
        self.ended = True

    def drop_paste(self) -> None:
        self.dropped = True


@pytest.fixture
def said() -> list[str]:
    return []


def stream(taker, said, clock=None) -> PasteStream:
    return PasteStream(taker, whole=said.append, dropped=said.append, clock=clock or Clock())


def test_a_taker_gets_the_parts(said):
    taker = Taker()
    paste = stream(taker, said)
    paste.add(b"one")
    paste.add(b"two")
    paste.end()
    assert (taker.got, taker.ended, said) == (b"onetwo", True, [])


@pytest.mark.parametrize("taker", [None, Taker(takes=False)])
def test_a_whole_paste_is_limited_in_size(taker, said):
    paste = stream(taker, said)
    for _ in range(50):
        paste.add(b"x" * (LIMIT // 10))
        assert not paste.full
    paste.end()
    assert said == ["Only the first MiB was pasted here.", "x" * LIMIT]


def test_no_more_is_read_than_the_program_takes(said):
    taker, clock = Taker(), Clock()
    paste = stream(taker, said, clock)
    taker.paste_backlog = BACKLOG + 10
    assert paste.full
    clock.now += PATIENCE
    taker.paste_backlog -= 1
    assert paste.full, "it takes a little"
    taker.paste_backlog = BACKLOG
    assert not paste.full
    assert not said


def test_a_paste_that_the_program_never_takes_is_dropped(said):
    """The keyboard must not stay dead."""
    taker, clock = Taker(), Clock()
    paste = stream(taker, said, clock)
    taker.paste_backlog = BACKLOG + 10
    assert paste.full
    clock.now += PATIENCE + 1
    assert not paste.full
    paste.add(b"more")
    paste.end()
    assert taker.dropped
    assert (taker.got, taker.ended) == (b"", False)
    assert "dropped" in said[0]
