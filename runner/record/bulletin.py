"""Short texts that the programs of a class on several machines leave for each other, stored beside its events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Pinned:
    """An author's pinned text, and its age in seconds."""

    author: str
    text: str
    age: float


class BulletinBoard(Protocol):
    """Texts by topic, for any number of threads and processes at once.

    Each call raises an OSError if the board cannot be reached.
    """

    def post(self, topic: str, text: str) -> int:
        """Append a text to the topic; returns its place."""

    def since(self, topic: str, place: int) -> Sequence[tuple[int, str]]:
        """The texts posted after a place (0: from the beginning), each with its own place; places rise."""

    def drop_before(self, topic: str, place: int) -> None:
        """Delete the texts posted before a place."""

    def pin(self, topic: str, author: str, text: str) -> None:
        """Pin a text, replacing the author's last one."""

    def unpin(self, topic: str, author: str) -> None:
        """Remove the author's pinned text, if there is one."""

    def pinned(self, topic: str) -> Sequence[Pinned]:
        """Every author's pinned text, by author name."""

    def close(self) -> None:
        """Close the connection, if the board has one of its own."""
