"""The carrier of the instructor's screen."""

import subprocess
import sys

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
