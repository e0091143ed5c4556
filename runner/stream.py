"""Protocols of a terminal's stream: what a program takes, and what it prints."""

from typing import Protocol


class Input(Protocol):
    """What can be sent to a program; all but `write_now` may block."""

    def write(self, data: bytes) -> None:
        """Send keys; where the other end has gone, an OSError or nothing, and then a read tells of the end."""

    def write_now(self, data: bytes) -> bool:
        """Send a few keys if that takes no waiting; whether they went."""

    def resize(self, columns: int, rows: int) -> None:
        """Tell the program the terminal's size."""


class Stream(Input, Protocol):
    """Both directions: a host's pseudo-terminal or a container's attached socket."""

    def read(self) -> bytes:
        """Wait for more output; b"" at its end."""

    def close(self) -> None:
        """Let go of the terminal; a pending read returns b""."""
