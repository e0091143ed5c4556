import socket
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.engine.docker.streams import Demultiplexer, Hijacked, OutputTimeoutError, TerminalStream, collect


def framed(payload: bytes, stream: int = 1) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(payload).to_bytes(4, "big") + payload


def connected() -> tuple[Hijacked, socket.socket]:
    ours, theirs = socket.socketpair()
    reader = ours.makefile("rb")
    return Hijacked(reader, ours, reader), theirs


@given(st.lists(st.binary(max_size=40), max_size=8), st.lists(st.integers(1, 30), max_size=40))
def test_payloads_survive_any_cut_of_the_frames(payloads: list[bytes], cuts: list[int]) -> None:
    data = b"".join(framed(payload, 1 + index % 2) for index, payload in enumerate(payloads))
    frames, seen = Demultiplexer(), b""
    for cut in (*cuts, len(data)):
        piece, data = data[:cut], data[cut:]
        seen += frames.feed(piece)
    assert seen == b"".join(payloads)


def test_collecting_keeps_the_beginning_and_reads_to_the_end() -> None:
    connection, engine = connected()
    with connection.socket, engine:
        engine.sendall(framed(b"abc") + framed(b"defgh", 2))
        engine.shutdown(socket.SHUT_WR)
        assert collect(connection, deadline=time.monotonic() + 5, limit=5) == b"abcde"
        connection.release()


def test_collecting_until_the_deadline_reports_what_came() -> None:
    connection, engine = connected()
    with connection.socket, engine:
        engine.sendall(framed(b"abc"))
        with pytest.raises(OutputTimeoutError) as raised:
            collect(connection, deadline=time.monotonic() + 0.05)
        connection.release()
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
