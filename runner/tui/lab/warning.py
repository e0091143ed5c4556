"""Warnings that a learner can insist against: the same request again means, do it anyway."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from runner.tui.gate import PAUSE

if TYPE_CHECKING:
    from runner.tui.announcement import Announcement, Severity, Topic
    from runner.tui.lab.view import LabView

PATIENCE = 10.0
"""Seconds for which a warning shows, and can be insisted against."""


class Warnings:
    """Says why a request is not carried out at once, and knows when the learner insists on it.

    What is said offers that, so it can be insisted on as long as that shows, and no longer.
    """

    def __init__(self, view: "LabView", clock: Callable[[], float] = time.monotonic) -> None:
        self._view = view
        self._clock = clock
        self._offer: Announcement | None = None
        """The last warning."""
        self._what = ""
        """The request that it was about; "" once that was insisted on."""
        self._readable = 0.0
        """The time from which on it could have been read."""

    def warn(
        self,
        what: str,
        text: str,
        *,
        way_on: str = "",
        severity: "Severity" = "information",
        topic: "Topic" = "",
    ) -> None:
        """Say why a request is not carried out at once; repeated after a pause, while this shows, it is.

        One before the pause is over insists on nothing: the key is held, or was pressed again before the warning could
        be read. It is warned of anew, and the pause begins again.
        """
        if self._offer is not None:
            # The last warning alone counts, so no other may go on offering.
            self._view.withdraw(self._offer)
        self._offer = self._view.say(text, way_on=way_on, severity=severity, timeout=PATIENCE, topic=topic)
        self._what, self._readable = what, self._clock() + PAUSE

    def insists(self, what: str) -> bool:
        """True if the learner insists: the last warning is about the same, is there, and could be read; counts once."""
        there = self._offer is not None and self._offer.shows
        insists = there and self._what == what and self._readable <= self._clock()
        if insists:
            self._what = ""
            # The question that asked for the second press has been answered.
            self._view.unsay()
        return insists
