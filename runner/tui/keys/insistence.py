"""Repeating a request, which means: do it anyway."""

import time
from collections.abc import Callable

from runner.tui.gate import PAUSE


class Insistence:
    """Remembers the learner's last warning."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._warned, self._from = "", 0.0

    def warn(self, what: str) -> None:
        """Note that the learner was warned; the same request after a pause means to insist.

        One before the pause is over does not: the key is held, or was pressed again before the warning could be read.
        It is warned of anew, and the pause begins again.
        """
        self._warned, self._from = what, self._clock() + PAUSE

    def insists(self, what: str) -> bool:
        """True if this was the last warning, and the pause is over; counts once."""
        insists = self._warned == what and self._from <= self._clock()
        if insists:
            self._warned = ""
        return insists
