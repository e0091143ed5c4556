"""Protocols of a terminal's stream: a program's input, and its output."""

from typing import Protocol


class Input(Protocol):
    """A program's input; every call but `write_now` may block."""

    def write(self, data: bytes) -> None:
        """Send keys; if the other end is gone, raises an OSError or does nothing, and a read then returns the end."""

    def write_now(self, data: bytes) -> bool:
        """Send a few keys if that does not block; True if they were sent."""

    def resize(self, columns: int, rows: int) -> None:
        """Tell the program the terminal's size."""


class Stream(Input, Protocol):
    """Both directions: a host's pseudo-terminal or a container's attached socket."""

    def read(self) -> bytes:
        """Wait for more output; b"" at its end."""

    def close(self) -> None:
        """Close the terminal; a pending read returns b""."""
