"""The errors of the user interface."""


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
