"""Warnings that a learner can insist against."""

from typing import TYPE_CHECKING

from runner.tui.keys.insistence import Insistence

if TYPE_CHECKING:
    from runner.tui.announcement import Announcement, Severity, Topic
    from runner.tui.lab.view import LabView

PATIENCE = 10.0
"""Seconds for which a warning shows, and can be insisted against."""


class Warnings:
    """Says why a request is not carried out at once, and knows when the learner insists on it.

    What is said offers that, so it can be insisted on as long as that shows, and no longer.
    """

    def __init__(self, view: "LabView") -> None:
        self._view = view
        self._offer: Announcement | None = None
        """The last warning."""
        self.insistence = Insistence()

    def warn(
        self,
        what: str,
        text: str,
        *,
        way_on: str = "",
        severity: "Severity" = "information",
        topic: "Topic" = "",
    ) -> None:
        """Say why a request is not carried out at once; repeated after a pause, while this shows, it is."""
        if self._offer is not None:
            # The last warning alone counts, so no other may go on offering.
            self._view.withdraw(self._offer)
        self._offer = self._view.say(text, way_on=way_on, severity=severity, timeout=PATIENCE, topic=topic)
        self.insistence.warn(what)

    def insists(self, what: str) -> bool:
        """True if the learner insists: the warning of the same is there, and could be read."""
        insists = self._offer is not None and self._offer.shows and self.insistence.insists(what)
        if insists:
            # The question that asked for the second press has been answered.
            self._view.unsay()
        return insists
