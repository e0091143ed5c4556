"""The placeholder for a terminal that is being opened."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from runner.tui.internals.key_taker import KeyTaker

EARLY_LIMIT = 64 * 1024
"""The limit on bytes typed before a program is there to take them."""


class Waiting(Static, KeyTaker, can_focus=True):
    """Says what is being waited for, and takes the keys for the terminal meanwhile, if it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(KeyTaker.LEAVE_KEY, "leave", "Leave terminal", priority=True)
    ]
    DEFAULT_CSS = """
    Waiting { height: 1fr; padding: 1 2; color: $text-muted; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._typed: list[bytes] = []
        self.target = ""
        """The console for which the keys wait; "" for whichever opens next."""

    def waits_for(self, target: str) -> bool:
        """True if the keys are for this console."""
        return self.target in {"", target}

    def say(self, text: str) -> None:
        """Replace the text."""
        self.update(text)

    def taken(self) -> list[bytes]:
        """The input typed since the last call."""
        typed, self._typed, self.target = self._typed, [], ""
        return typed

    def take_key(self, key: str, character: str | None) -> None:
        from runner.terminal.emulator import Modes
        from runner.tui.widgets.terminal.keys import encode_key

        self.keep(encode_key(key, character, Modes()))

    def take_paste(self, text: str) -> None:
        from runner.terminal.emulator import Modes
        from runner.tui.widgets.terminal.keys import encode_paste

        self.keep(encode_paste(text, Modes()))

    def keep(self, data: bytes) -> None:
        """Keep input for the terminal, as far as there is room."""
        if sum(map(len, self._typed)) + len(data) <= EARLY_LIMIT:
            self._typed.append(data)
