"""Warnings that a learner can insist against."""

from typing import TYPE_CHECKING

from runner.tui.keys.insistence import PATIENCE, Insistence

if TYPE_CHECKING:
    from runner.tui.announcement import Severity, Topic
    from runner.tui.lab.view import LabView


class Warnings:
    """Says why a request is not carried out at once, and knows when the learner insists on it."""

    def __init__(self, view: "LabView") -> None:
        self._view = view
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
        """Say why a request is not carried out at once; repeated after a pause, within a moment, it is."""
        self._view.say(text, way_on=way_on, severity=severity, timeout=PATIENCE, topic=topic)
        self.insistence.warn(what)

    def insists(self, what: str) -> bool:
        """True if the learner insists: they were warned of the same a moment ago."""
        insists = self.insistence.insists(what)
        if insists:
            # The question that asked for the second press has been answered.
            self._view.unsay()
        return insists
