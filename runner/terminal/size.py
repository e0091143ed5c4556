"""A terminal's size, and how a pseudoterminal is told."""

import fcntl
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
