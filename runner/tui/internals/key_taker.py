"""A widget that takes all keys while it has the focus."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.widget import Widget


class KeyTaker(Widget):
    """Takes every key but its own bindings', including the app's priority bindings, and every paste.

    `LEAVE_KEY` leaves it. Shift+Tab because it is the way back everywhere else in the app, reaches it through every
    terminal, tmux and browser, needs no AltGr on any layout, and is bound neither by bash, vi, less nor top.
    """

    LEAVE_KEY: ClassVar[str] = "shift+tab"

    @dataclass
    class Left(Message):
        """The learner has left it."""

        taker: "KeyTaker"

    def action_leave(self) -> None:
        """Give the keys back: to what comes before it, unless the screen has a better place for them."""
        self.screen.focus_previous()
        self.post_message(self.Left(self))

    def takes(self, key: str) -> bool:
        """True if it takes this key."""
        return key not in self._bindings.key_to_bindings

    def check_consume_key(self, key: str, character: str | None) -> bool:  # noqa: ARG002 (Textual's signature)
        return True

    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        self.take_key(event.key, event.character)

    def on_paste(self, event: events.Paste) -> None:
        event.stop()
        self.take_paste(event.text)

    def take_key(self, key: str, character: str | None) -> None:
        """Handle a key; `key` is its name in Textual."""
        raise NotImplementedError

    def take_paste(self, text: str) -> None:
        """Handle pasted text."""
        raise NotImplementedError

    # A `PasteTaker`, which takes each paste whole.

    def begin_paste(self) -> bool:
        """True if it takes the paste that begins now in parts."""
        return False

    def take_paste_part(self, data: bytes) -> None:
        """The next bytes of a paste, in UTF-8 divided anywhere."""
        raise NotImplementedError

    def end_paste(self) -> None:
        """The paste is complete."""
        raise NotImplementedError

    def drop_paste(self) -> None:
        """Drop the paste, and the input that waits for a program behind it."""
        raise NotImplementedError

    @property
    def paste_backlog(self) -> int:
        """The number of bytes that wait for a program behind it."""
        return 0
