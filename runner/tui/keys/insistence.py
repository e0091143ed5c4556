"""Repeating a request, which means: do it anyway."""

import time
from collections.abc import Callable

PATIENCE = 6.0
"""Seconds within which the repetition counts."""


class Insistence:
    """Remembers the learner's last warning."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._warned, self._from, self._until = "", 0.0, 0.0

    def warn(self, what: str, *, pause: float = 0.0) -> None:
        """Note that the learner was warned; the same request within a moment means to insist.

        One within the first `pause` seconds does not: the key was pressed twice before the warning could be read.
        """
        now = self._clock()
        if self._warned != what or now >= self._from:
            self._warned, self._from, self._until = what, now + pause, now + PATIENCE

    def insists(self, what: str) -> bool:
        """True if this was the last warning, a moment ago; counts once."""
        insists = self._warned == what and self._from <= self._clock() < self._until
        if insists:
            self._warned = ""
        return insists
