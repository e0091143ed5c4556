"""Where a class listens."""

import socket

import pytest

from runner.classroom.host.sockets import listen

IPV6 = pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="needs IPv6")


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("Localhost", "127.0.0.1"),
        ("localhost.", "127.0.0.1"),
        ("127.0.0.2", "127.0.0.2"),
        pytest.param("[::1]", "::1", marks=IPV6),
        pytest.param("0:0:0:0:0:0:0:1", "::1", marks=IPV6),
    ],
)
def test_an_address_of_this_machine_alone_is_listened_at_alone(address: str, own: str) -> None:
    sockets = listen(address, 0)
    assert sockets.web.getsockname()[0] == own
    sockets.close()
