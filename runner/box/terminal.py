"""A terminal whose inner end is a program's, in its enclosure, and whose outer end is somebody's outside."""

import fcntl
import os
import signal
import struct
import termios
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """A terminal's size in cells."""

    columns: int
    rows: int


def take_terminal(size: Size, opened: Callable[[int], None]) -> None:
    """Make a terminal this process's own, which leads a session; `opened` is given the descriptor of its outer end."""
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    outer, inner = os.openpty()
    resize(inner, size)
    opened(outer)
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
    for standard in range(3):
        os.dup2(inner, standard)


def resize(descriptor: int, size: Size) -> None:
    """Tell who is at the inner end how large the terminal is.

    Raises:
        OSError: there is no terminal any more.
    """
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", size.rows, size.columns, 0, 0))
