"""What a console asks of a terminal."""

from typing import Protocol


class Stream(Protocol):
    """Both directions of a terminal: a host's pseudo-terminal or a container's attached socket."""

    def read(self) -> bytes:
        """Wait for more output; b"" at its end."""

    def write(self, data: bytes) -> None:
        """Send keys; where the other end has gone, an OSError or nothing, and then a read tells of the end."""

    def write_now(self, data: bytes) -> bool:
        """Send a few keys if that takes no waiting; whether they went."""

    def resize(self, columns: int, rows: int) -> None:
        """Tell the program the terminal's size."""

    def close(self) -> None:
        """Let go of the terminal; a pending read returns b""."""
