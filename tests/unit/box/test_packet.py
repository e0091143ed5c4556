"""Messages between processes, with descriptors."""

import os
import socket
from pathlib import Path

import pytest

from runner.box.packet import receive, send


def opened():
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


@pytest.fixture
def ends():
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with one, other:
        yield one, other


def test_a_message_comes_with_its_descriptors(ends):
    one, other = ends
    send(one, {"is": "open"}, one.fileno())
    message, [descriptor] = receive(other, 1)
    assert message == {"is": "open"}
    assert os.fstat(descriptor).st_ino == os.fstat(one.fileno()).st_ino
    os.close(descriptor)


def test_descriptors_that_nobody_asked_for_stay_away(ends):
    one, other = ends
    before = opened()
    send(one, {"is": "open"}, one.fileno())
    assert receive(other) == ({"is": "open"}, [])
    assert opened() == before


def test_the_end_is_no_message(ends):
    one, other = ends
    one.close()
    assert receive(other) == (None, [])


@pytest.mark.parametrize("packet", [b"{", b"\xff", b"[" * 4096])
def test_the_descriptors_of_what_is_no_message_are_closed(ends, packet):
    one, other = ends
    before = opened()
    socket.send_fds(one, [packet], [one.fileno()])
    with pytest.raises(ValueError, match="not JSON"):
        receive(other, 1)
    assert opened() == before
