"""Keys that were pressed for something else, while a screen came up or went."""

import time
from collections.abc import Container

PAUSE = 1.0
"""Seconds without a key after which the next one is meant for the screen that shows: nobody types that slowly."""


class Gate:
    """Tells the keys meant for a screen that came up at the time `since` from those of someone who goes on typing.

    It opens with the first key after a pause, for good. `only` are the keys that it is about; others pass, and count
    against the pause.
    """

    def __init__(self, since: float, only: Container[str] | None = None) -> None:
        self._last = since
        self._only = only
        self._open = False

    def lets_in(self, key: str, at: float) -> bool:
        """True if the key, pressed at a time in seconds, is meant for the screen."""
        # With Ctrl come the keys that mean the same everywhere, and no answers.
        if self._open or key.startswith("ctrl+"):
            return True
        self._open = at - self._last >= PAUSE
        self._last = at
        return self._open or (self._only is not None and key not in self._only)


class Gated:
    """A screen with a gate, if it needs one: it came up unasked, or has a key that meant something else before it.

    The app asks it before the screen gets a key.
    """

    _gated = False
    _only: Container[str] | None = None
    _gate: Gate | None = None

    def close_gate(self, *, unasked: bool, opener: str = "") -> None:
        """Take no key before a pause if it comes up `unasked`, else not the key that has asked for it, `opener`."""
        self._gated = unasked or bool(opener)
        self._only = None if unasked else {opener}
        self._shut()

    def on_screen_resume(self) -> None:
        """Another screen, with keys of its own, may have been over it."""
        self._shut()

    def lets_in(self, key: str, at: float) -> bool:
        """True if the key, pressed at a time in seconds, is meant for the screen; if not, the screen says so."""
        if self._gate is None or self._gate.lets_in(key, at):
            return True
        self.say_too_soon()
        return False

    def say_too_soon(self) -> None:
        """Say that a key was not taken."""
        raise NotImplementedError

    def _shut(self) -> None:
        self._gate = Gate(time.monotonic(), self._only) if self._gated else None
