"""Who is in a class, as far as the class itself needs to know."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody in the class: `number` is their box's, `word` lets them in again, `mirror` lets their terminal be seen.

    The instructor has a box too, for what they show; they have no place among the people.
    """

    number: int
    name: str
    word: str
    mirror: bool
    instructor: bool = False


class People(Protocol):
    """The people of a class, beside its instructor."""

    seats: int
    instructor: Learner

    @property
    def people(self) -> tuple[Learner, ...]:
        """Everybody, in the order in which they came."""

    def has(self, learner: Learner) -> bool:
        """Whether somebody who was let in has not been removed since; another one may have their name or number."""

    def named(self, name: str) -> Learner | None:
        """Who has this name."""

    def was_asked(self, learner: Learner, door: str) -> bool:
        """Whether somebody who came by this door has said if their terminal may be seen."""

    def set_mirror(self, learner: Learner, *, mirror: bool) -> None:
        """Note whether somebody lets their terminal be seen.

        Raises:
            WorkshopError: it cannot be noted.
        """

    def remove(self, learner: Learner) -> None:
        """Take somebody out of the class.

        Raises:
            WorkshopError: it cannot be noted; they stay.
        """
