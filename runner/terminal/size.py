"""A terminal's size, and how a pseudoterminal is told and known."""

import fcntl
import os
import struct
import termios
from dataclasses import dataclass

_COLUMNS, _ROWS = 1000, 400
"""More than a screen can show legibly; a program takes memory for every cell."""


@dataclass(frozen=True, slots=True)
class Size:
    """A terminal's size in cells."""

    columns: int
    rows: int

    @classmethod
    def of(cls, columns: int, rows: int) -> "Size":
        """The size nearest to what a stranger asks for, as far as a terminal can be that large."""
        return cls(min(max(columns, 1), _COLUMNS), min(max(rows, 1), _ROWS))

    def tell(self, descriptor: int) -> None:
        """Tell the program at the inner end of a pseudoterminal.

        Raises:
            OSError: there is no terminal any more.
        """
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))


def is_outer_end(descriptor: int) -> bool:
    """Whether it is the outer end of a pseudoterminal, and not whatever else somebody may pass on."""
    try:
        return os.fstat(descriptor).st_rdev == os.makedev(5, 2) and os.isatty(descriptor)
    except OSError:
        return False
