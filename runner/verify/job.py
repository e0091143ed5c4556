"""What a verification works through: labs to play, and files that cannot be read, which only have a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from runner.lab.model.workshop import Lab, Workshop

Job = tuple[Workshop, Lab]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A lab's file that cannot be read, or the manifest of a workshop of which nothing can; `reason` says why.

    `workshop` is the workshop's id, or its folder's name if the id is not known.
    """

    path: Path
    reason: str
    workshop: str

    @property
    def id(self) -> str:
        """The file's name: the lab's id is in the file."""
        return self.path.name


Place = Job | Unreadable
"""A place in the order of the results."""


def lab_of(place: Place) -> Lab | Unreadable:
    """The lab at a place, or the file that cannot be read there."""
    return place if isinstance(place, Unreadable) else place[1]


def playable(places: Iterable[Place]) -> tuple[Job, ...]:
    """The labs that can be read."""
    return tuple(place for place in places if not isinstance(place, Unreadable))
