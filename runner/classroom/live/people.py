"""The people of a class, as far as the class itself needs to know them."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Learner:
    """A person in the class: `number` is their box's, `word` lets them in again, `mirror` lets their terminal be seen.

    The instructor has a box too, for demos, but is not one of the `people`.
    """

    number: int
    name: str
    word: str
    mirror: bool
    instructor: bool = False


class People(Protocol):
    """The people of a class, without its instructor."""

    seats: int
    instructor: Learner

    @property
    def people(self) -> tuple[Learner, ...]:
        """All learners, in the order in which they came."""

    def has(self, learner: Learner) -> bool:
        """True if the learner has not been removed since they came in; another may have their name or number."""

    def named(self, name: str) -> Learner | None:
        """The learner with this name."""

    def was_asked(self, learner: Learner, door: str) -> bool:
        """True if a learner who came by this door has answered whether their terminal may be seen."""

    def set_mirror(self, learner: Learner, *, mirror: bool) -> None:
        """Store whether a learner lets their terminal be seen.

        Raises:
            WorkshopError: it cannot be stored.
        """

    def remove(self, learner: Learner) -> None:
        """Remove a learner from the class.

        Raises:
            WorkshopError: the removal cannot be stored; they stay.
        """
