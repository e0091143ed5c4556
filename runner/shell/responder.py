"""Answers to a shell's terminal queries when no terminal is there to answer."""

import re
from collections.abc import Callable
from contextlib import suppress

_LONGEST = 8
_QUERY = re.compile(rb"\x1b\[(?:(?P<cursor>6n)|(?P<status>5n)|(?P<primary>0?c)|(?P<secondary>>0?c))")
_ANSWERS = {
    "cursor": b"\x1b[1;1R",
    "status": b"\x1b[0n",
    "primary": b"\x1b[?1;2c",
    "secondary": b"\x1b[>0;0;0c",
}


class Responder:
    """Answers queries for the cursor's position, the status and the kind of terminal, so that no shell waits for them.

    Meant for a shell's output while it edits a line. Other output must not be answered: the answer to a query in a file
    that was printed would be typed into the next prompt.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._held = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes of a shell's output and answer the queries in them."""
        data = self._held + data
        done = 0
        for query in _QUERY.finditer(data):
            # A shell that has ended needs no answer.
            with suppress(OSError):
                self._write(_ANSWERS[query.lastgroup or ""])
            done = query.end()
        # A query cut off at the end of the chunk starts with its last escape.
        start = data.rfind(b"\x1b", max(done, len(data) - _LONGEST))
        self._held = data[start:] if start >= 0 and not _QUERY.match(data, start) else b""
