"""Bytes go both ways, whatever one door or one program does to the others."""

import asyncio
import fcntl
import os
import socket
import struct
import termios
import threading
from contextlib import suppress

import pytest

from runner.classroom.live.terminal import _BURST, _BYTES_PER_SECOND, _CHUNK, Terminal
from runner.terminal.size import Size
from tests.unit.classroom.live_class import DeafDoor, FakeDoor
from tests.waiting import patience, until


async def test_keys_and_sizes_go_in_and_only_the_last_door_counts() -> None:
    outer, inner = os.openpty()
    terminal = Terminal(outer, Size(80, 24))
    first, second = FakeDoor(), FakeDoor()
    await terminal.attach(first, Size(90, 30))
    rows, columns, _, _ = struct.unpack("HHHH", fcntl.ioctl(inner, termios.TIOCGWINSZ, b"\0" * 8))
    assert (rows, columns) == (30, 90)
    await terminal.type("é\n".encode())
    assert os.read(inner, 10) == "é\n".encode()
    await until(lambda: "é".encode() in first.seen)
    await terminal.attach(second, Size(80, 24))
    assert "elsewhere" in first.left
    terminal.detach(first)
    assert terminal.door is second
    os.close(inner)
    await terminal.type(b"to nobody\n")
    await terminal.close()
    assert terminal.door is None, "what a door says from now on is for nobody"


async def test_a_flood_is_held_back_and_does_not_stop_the_others() -> None:
    (flooding, source), (other, inner) = socket.socketpair(), socket.socketpair()

    def flood() -> None:
        with suppress(OSError):
            while True:
                source.sendall(b"x" * _CHUNK)

    thread = threading.Thread(target=flood)
    thread.start()
    loud, quiet = FakeDoor(), FakeDoor()
    terminals = [Terminal(end.detach(), Size(80, 24)) for end in (flooding, other)]
    began = asyncio.get_running_loop().time()
    for terminal, door in zip(terminals, (loud, quiet), strict=True):
        await terminal.attach(door, Size(80, 24))
    try:
        await until(lambda: len(loud.seen) >= _BURST)
        inner.send(b"still here")
        await until(lambda: quiet.seen == b"still here")
        passed = asyncio.get_running_loop().time() - began
        assert len(loud.seen) <= _BURST + passed * _BYTES_PER_SECOND + _CHUNK
    finally:
        for terminal in terminals:
            await terminal.close()
        thread.join()
        source.close()
        inner.close()


async def test_a_door_that_gives_up_typing_does_not_keep_the_next_one_from_it() -> None:
    """Even after the program has taken nothing for a while."""
    outer, inner = socket.socketpair()
    terminal = Terminal(outer.detach(), Size(80, 24))
    inner.setblocking(False)
    first = asyncio.create_task(terminal.type(b"a" * (4 << 20)))
    second = asyncio.create_task(terminal.type(b"b"))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not first.done()
    first.cancel()
    came = b""
    async with patience():
        while not came.endswith(b"b"):
            came = await asyncio.get_running_loop().sock_recv(inner, 1 << 16)
        await second
    assert first.cancelled()
    await terminal.close()
    inner.close()


async def test_a_door_that_takes_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runner.classroom.live.terminal._PATIENCE", 0.01)
    outer, inner = socket.socketpair()
    terminal = Terminal(outer.detach(), Size(80, 24))
    deaf, silent, last = DeafDoor(), DeafDoor(), FakeDoor()
    await terminal.attach(deaf, Size(80, 24))
    inner.send(b"lost")
    await until(lambda: deaf.dropped)
    assert terminal.door is None
    await terminal.attach(silent, Size(80, 24))
    await terminal.attach(last, Size(80, 24))
    assert silent.dropped, "nor does it keep another one from being opened"
    inner.send(b"seen")
    await until(lambda: last.seen == b"seen")
    await terminal.close()
    inner.close()
