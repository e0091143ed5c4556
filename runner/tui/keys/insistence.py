"""Repeating a request, which means: do it anyway."""

import time
from collections.abc import Callable

from runner.tui.gate import PAUSE

PATIENCE = 6.0
"""Seconds within which the repetition counts."""


class Insistence:
    """Remembers the learner's last warning."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._warned, self._from, self._until = "", 0.0, 0.0

    def warn(self, what: str) -> None:
        """Note that the learner was warned; the same request after a pause, within a moment, means to insist.

        One before the pause is over does not: the key is held, or was pressed again before the warning could be read.
        It is warned of anew, and the pause begins again.
        """
        now = self._clock()
        self._warned, self._from, self._until = what, now + PAUSE, now + PATIENCE

    def insists(self, what: str) -> bool:
        """True if this was the last warning, a moment ago; counts once."""
        insists = self._warned == what and self._from <= self._clock() < self._until
        if insists:
            self._warned = ""
        return insists
