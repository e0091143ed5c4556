"""Asking for the same once more, which means: do it all the same."""

import time
from collections.abc import Callable

PATIENCE = 6.0
"""Seconds within which the second time counts."""


class Insistence:
    """Knows what the learner was warned of last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._warned, self._until = "", 0.0

    def warn(self, what: str) -> None:
        """The learner is told that asking again, within a moment, means to insist."""
        self._warned, self._until = what, self._clock() + PATIENCE

    def insists(self, what: str) -> bool:
        """Whether the learner was warned of this last, and a moment ago; counts once."""
        insists = self._warned == what and self._clock() < self._until
        if insists:
            self._warned = ""
        return insists
