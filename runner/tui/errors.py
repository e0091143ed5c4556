"""The errors of the user interface."""

from runner.lab.model.workshop import shell_name
from runner.language import tr


class CannotTypeError(Exception):
    """The terminal cannot take a command now.

    `insisting` helps if it might be meant; `way_on` names another way. With `occupied`, a program has the shell, which
    the session can name.
    """

    def __init__(
        self, message: str, *, occupied: bool = False, insisting: bool = False, way_on: str = ""
    ) -> None:
        super().__init__(message)
        self.occupied = occupied
        self.insisting = insisting
        self.way_on = way_on

    @classmethod
    def not_at_prompt(cls, target: str) -> "CannotTypeError":
        """A program has the shell of `target`; who insists types into that."""
        said = tr("{shell_name} is not at its prompt.", shell_name=shell_name(target))
        return cls(said, occupied=True, insisting=True)
