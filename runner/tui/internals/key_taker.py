"""What has the keys while it has the focus."""

from typing import ClassVar

from textual import events
from textual.widget import Widget


class KeyTaker(Widget):
    """Takes every key but those of its own bindings, also those that the app binds with priority, and every paste.

    `LEAVE_KEY` leaves it. Shift+Tab because it is the way back everywhere else in the app, reaches it through every
    terminal, tmux and browser, needs no AltGr on any layout, and is bound neither by bash, vi, less nor top.
    """

    LEAVE_KEY: ClassVar[str] = "shift+tab"

    def takes(self, key: str) -> bool:
        """Whether it takes this key."""
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
        """A key was pressed; `key` is its name in Textual."""
        raise NotImplementedError

    def take_paste(self, text: str) -> None:
        """Text was pasted."""
        raise NotImplementedError
