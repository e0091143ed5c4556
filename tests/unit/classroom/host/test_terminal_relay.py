"""The carrier of the instructor's screen."""

import socket
import subprocess
import sys

import pytest

from runner.box.keeper import Kept
from runner.box.packet import send
from runner.classroom.host.terminal_relay import _outer_end
from runner.errors import EngineError

SHOWN = """
import os
from runner.classroom.host import terminal_relay
terminal_relay.show = lambda *_, **__: print(*sorted(os.listdir("/proc/self/fd")), flush=True)
kept = os.open("/", os.O_RDONLY)
os.waitpid(terminal_relay.show_beside(None, [], readable={}), 0)
"""


def test_the_carrier_has_nothing_of_roots_open() -> None:
    done = subprocess.run([sys.executable, "-c", SHOWN], check=True, capture_output=True, text=True)
    # The last one is the listing's own.
    assert done.stdout.split() == ["0", "1", "2", "3"], done.stderr


@pytest.mark.parametrize(
    ("packet", "why"),
    [
        (None, "it was killed"),
        ({"is": "failed", "why": "no such module"}, "no such module"),
        ({"is": "open"}, "its terminal did not arrive"),
    ],
)
def test_a_screen_without_a_terminal_says_why(packet: dict[str, str] | None, why: str) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours:
        with theirs:
            if packet is not None:
                send(theirs, packet)
        with pytest.raises(EngineError, match=f"cannot be started: {why}"):
            _outer_end(Kept(0, ours))
