"""A terminal's size, and recognising a pseudoterminal."""

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
        """The size nearest to an untrusted request, within the limits of a terminal."""
        return cls(min(max(columns, 1), _COLUMNS), min(max(rows, 1), _ROWS))

    def tell(self, descriptor: int) -> None:
        """Set the size of a pseudoterminal for the program at its inner end.

        Raises:
            OSError: the terminal is gone.
        """
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))


def is_outer_end(descriptor: int) -> bool:
    """True if the descriptor is the outer end of a pseudoterminal, and not another file that a process may pass."""
    try:
        return os.fstat(descriptor).st_rdev == os.makedev(5, 2) and os.isatty(descriptor)
    except OSError:
        return False
