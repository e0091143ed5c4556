import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.engine.docker.streams import (
    Demultiplexer,
    Hijacked,
    Output,
    OutputTimeoutError,
    TerminalStream,
    collect,
)


def framed(payload: bytes, stream: int = 1) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(payload).to_bytes(4, "big") + payload


def connected() -> tuple[Hijacked, socket.socket]:
    ours, theirs = socket.socketpair()
    reader = ours.makefile("rb")
    return Hijacked(reader, ours, reader), theirs


@given(st.lists(st.binary(max_size=40), max_size=8), st.lists(st.integers(1, 30), max_size=40))
def test_payloads_survive_any_cut_of_the_frames(payloads: list[bytes], cuts: list[int]) -> None:
    data = b"".join(framed(payload, 1 + index % 2) for index, payload in enumerate(payloads))
    frames, seen = Demultiplexer(), {1: b"", 2: b""}
    for cut in (*cuts, len(data)):
        piece, data = data[:cut], data[cut:]
        for stream, payload in frames.payloads(piece):
            seen[stream] += payload
    assert seen == {1: b"".join(payloads[::2]), 2: b"".join(payloads[1::2])}


PIECES = st.lists(
    st.tuples(st.integers(1, 2), st.sampled_from([b"a", b"b\n", b"\n", b"c\nd", b""])), max_size=12
)


@given(PIECES, st.integers(0, 30))
def test_both_streams_are_whole_in_a_program_s_output(pieces: list[tuple[int, bytes]], limit: int) -> None:
    """No byte is lost or doubled, each line is one that its stream printed, and `limit` cuts the same output."""
    whole, cut = Output(1000), Output(limit)
    for stream, data in pieces:
        whole.add(stream, data)
        cut.add(stream, data)
    printed = [b"".join(data for stream, data in pieces if stream == one) for one in (1, 2)]
    lines = [line for text in printed for line in text.splitlines(keepends=True)]
    assert sorted(whole.so_far()) == sorted(b"".join(printed))
    if all(text.endswith(b"\n") for text in printed if text):
        assert sorted(whole.so_far().splitlines(keepends=True)) == sorted(lines)
    assert cut.so_far() == whole.so_far()[:limit]


def test_a_line_that_is_written_in_pieces_is_not_torn() -> None:
    output = Output(100)
    for stream, data in ((2, b"cp: "), (1, b"text\n"), (2, b"cannot create\n"), (1, b"$ ")):
        output.add(stream, data)
    assert output.so_far() == b"text\ncp: cannot create\n$ "


def test_lines_that_have_not_ended_stand_in_the_order_of_their_beginnings() -> None:
    output = Output(100)
    for stream, data in ((1, b"one"), (2, b"two"), (1, b" more")):
        output.add(stream, data)
    assert output.so_far() == b"one moretwo"


def test_a_line_without_end_takes_no_more_than_is_kept() -> None:
    output = Output(100)
    for _ in range(1000):
        output.add(1, b"x" * 4096)
        output.add(2, b"y")
    assert output.so_far() == b"x" * 100


def test_collecting_keeps_the_beginning_and_reads_to_the_end() -> None:
    connection, engine = connected()
    with connection.socket, engine:
        engine.sendall(framed(b"abc") + framed(b"defgh", 2))
        engine.shutdown(socket.SHUT_WR)
        assert collect(connection, deadline=time.monotonic() + 5, limit=5) == b"abcde"
        connection.release()


def test_collecting_until_the_deadline_reports_what_came() -> None:
    """However slow the machine, it has read before the time is up: more is given until it has."""
    for seconds in (0.05, 1.0, 20.0):
        connection, engine = connected()
        with connection.socket, engine:
            engine.sendall(framed(b"abc"))
            with pytest.raises(OutputTimeoutError) as raised:
                collect(connection, deadline=time.monotonic() + seconds)
            connection.release()
        if raised.value.output:
            break
    assert raised.value.output == b"abc"


def test_a_terminal_reads_and_writes_and_tells_its_size() -> None:
    connection, program = connected()
    sizes: list[tuple[int, int]] = []
    terminal = TerminalStream(connection, lambda columns, rows: sizes.append((columns, rows)))
    with connection.socket, program:
        program.sendall(b"$ ")
        assert terminal.read() == b"$ "
        terminal.write(b"ls\n")
        assert program.recv(10) == b"ls\n"
        terminal.resize(100, 30)
        connection.release()
    assert sizes == [(100, 30)]


def test_closing_a_terminal_ends_a_pending_read() -> None:
    connection, program = connected()
    terminal = TerminalStream(connection, lambda _columns, _rows: None)
    read: list[bytes] = []
    with connection.socket, program:
        reader = threading.Thread(target=lambda: read.append(terminal.read()), daemon=True)
        reader.start()
        terminal.close()
        reader.join(10)
        assert read == [b""]
        terminal.write(b"goes nowhere")
        connection.release()
