"""A command that failed in a console, and the time in which its calls are reported."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runner.shell.recorder import CommandFinished

_EARLY = 1.0
"""Seconds by which strace's report of a command may come before the shell's, on a busy machine."""


class FailedCommand:
    """The last failed command in a console, with its times on the monotonic clock, and why docker refused it."""

    def __init__(self, finished: "CommandFinished", refusal: str = "", *, after: float = 0.0) -> None:
        """`after` is the end of the command before it."""
        now = time.monotonic()
        self.text = finished.command
        self.refusal = refusal
        self.status = finished.status
        self.began = now - max(time.time() - finished.started, 0.0)
        self.ended = now
        self.reported = min(self.began, max(after, self.began - _EARLY))
        """The time from which its calls may have been reported: the shell's mark may have been read after them."""
        self.limit = float("inf")
        """The time when the next command began."""
