"""The one learner of a server, whom the Hub knows."""

from dataclasses import replace

from runner.classroom.live.people import Learner
from runner.errors import WorkshopError

_NUMBER = 1


class Owner:
    """A class of one; who that is, the Hub has said."""

    def __init__(self, name: str, number: int = _NUMBER) -> None:
        """`number` is their box's."""
        self.learner = Learner(number, name, "", mirror=False)
        # Anyone who teaches looks at the dashboard, and has no session here.
        self.instructor = Learner(0, "", "", mirror=False, instructor=True)
        self.seats = 1

    @property
    def people(self) -> tuple[Learner, ...]:
        """The owner."""
        return (self.learner,)

    def has(self, learner: Learner) -> bool:
        """Whether it is the owner."""
        return learner.number == self.learner.number

    def named(self, name: str) -> Learner | None:
        """The owner, if it is they."""
        return self.learner if name == self.learner.name else None

    def set_mirror(self, learner: Learner, *, mirror: bool) -> None:
        """Note whether they let their terminal be seen, for as long as the server runs."""
        if self.has(learner):
            self.learner = replace(self.learner, mirror=mirror)

    def remove(self, learner: Learner) -> None:
        """Nobody is taken out of a class here.

        Raises:
            WorkshopError: always.
        """
        raise WorkshopError(
            f"{learner.name} comes by the Hub, which alone can shut somebody out",
            remedy="stop their server in the Hub's admin page, and delete them there",
        )
