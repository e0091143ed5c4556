"""A process that outlives a killed class, and removes its leftovers.

A class whose terminal is gone may be killed before it has cleaned up: `sudo` gives it two seconds.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

from runner.box.keeper import close_all
from runner.box.resources import ClassResources

_ENDED = b"."


@contextmanager
def swept_if_killed(resources: ClassResources) -> Iterator[None]:
    """Have the class's leftovers removed if this process is killed meanwhile; it cleans up itself otherwise."""
    reader, writer = os.pipe()
    pid = os.fork()
    if not pid:
        _sweep_if_killed(reader, resources)
    os.close(reader)
    try:
        yield
    finally:
        with suppress(BrokenPipeError):
            os.write(writer, _ENDED)
        os.close(writer)
        os.waitpid(pid, 0)


def _sweep_if_killed(reader: int, resources: ClassResources) -> NoReturn:
    try:
        # Neither the terminal nor who kills the class's process group reaches it there.
        os.setsid()
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        close_all(but={reader})
        if os.read(reader, 1) != _ENDED:
            resources.sweep_dead()
    finally:
        os._exit(0)
