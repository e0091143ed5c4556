"""A pseudo-terminal between an enclosed program at the inner end and a process outside at the outer end."""

import fcntl
import os
import signal
import termios
from collections.abc import Callable

from runner.terminal.size import Size


def take_terminal(size: Size, opened: Callable[[int], None]) -> None:
    """Make a new terminal this session leader's own; `opened` is called with the descriptor of its outer end."""
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    outer, inner = os.openpty()
    size.tell(inner)
    opened(outer)
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
    for standard in range(3):
        os.dup2(inner, standard)
