"""An input line above a list."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class ListInput(Input):
    """Filters a list; the arrow keys move in the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(True)", "The next one", show=False),
        Binding("up", "move(False)", "The one before", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The learner moves on in the list, or back."""

        down: bool

    def action_move(self, down: bool) -> None:
        """Go on in the list, or back."""
        self.post_message(self.Moved(down))
