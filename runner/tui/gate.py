"""Keys that were pressed for something else, while a screen came up or went."""

from collections.abc import Container

PAUSE = 1.0
"""Seconds without a key after which the next one is meant for the screen that shows: nobody types that slowly."""
OPENER_PAUSE = 0.7
"""Seconds for which a screen shows before the key that has asked for it counts there: by then a key that is held
repeats, and does so within `REPEAT`."""
REPEAT = 0.25
"""Seconds between two presses of a key beyond which it is not held."""


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


class OpenersGate(Gate):
    """Holds back the keys that may have asked for the screen until it has shown for a moment, or while one is held."""

    def __init__(self, since: float, openers: Container[str]) -> None:
        super().__init__(since, openers)
        self._since = since
        self._openers = openers

    def lets_in(self, key: str, at: float) -> bool:
        if self._open or key not in self._openers:
            return True
        gap, self._last = at - self._last, at
        self._open = at - self._since >= OPENER_PAUSE and gap >= REPEAT
        return self._open
