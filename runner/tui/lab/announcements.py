"""A lab's messages to its learner, each for the time that it takes to read."""

from collections.abc import Callable

from runner.tui.announcement import Announcement, Severity, Topic

SECONDS = 5.0
"""Seconds that a message stays by default."""
FRESH_SECONDS = 6.0
"""Seconds for which a message may cover the keys: those who read it want them back."""


class Announcements:
    """The current messages, the newest first. They end with the lab, and stop ageing while it is covered."""

    def __init__(self, changed: Callable[[], None]) -> None:
        """`changed` is called whenever the messages change."""
        self._changed = changed
        self.shown: list[Announcement] = []

    def add(
        self,
        text: str,
        *,
        way_on: str = "",
        title: str = "",
        severity: Severity,
        timeout: float | None,
        topic: Topic = "",
    ) -> None:
        """Show a message for `timeout` seconds. One that is already shown only stays longer."""
        left = SECONDS if timeout is None else timeout
        added = Announcement(text, way_on, title, severity, left, topic)
        before = [one for one in self.shown if (one.text, one.way_on, one.title) != (text, way_on, title)]
        self.shown = [added, *before]
        self._changed()

    def says(self, text: str, way_on: str) -> bool:
        """True while this message shows."""
        return any((one.text, one.way_on) == (text, way_on) for one in self.shown)

    def withdraw(self, text: str, way_on: str) -> None:
        """Remove this message, if it still shows: what it says does not hold any more."""
        if self.says(text, way_on):
            self.shown = [one for one in self.shown if (one.text, one.way_on) != (text, way_on)]
            self._changed()

    def clear(self, *topics: Topic) -> None:
        """Remove the messages on `topics`, or all messages."""
        kept = [one for one in self.shown if topics and one.topic not in topics]
        if len(kept) < len(self.shown):
            self.shown = kept
            self._changed()

    def pass_time(self, seconds: float) -> None:
        """Count down the seconds that the learner had to read."""
        fresh = self.fresh
        for one in self.shown:
            one.left -= seconds
            one.age += seconds
        gone = any(one.left <= 0 for one in self.shown)
        if gone:
            self.shown = [one for one in self.shown if one.left > 0]
        if gone or fresh != self.fresh:
            self._changed()

    @property
    def fresh(self) -> bool:
        """True if one has just been said: it may cover what is always there."""
        return any(one.age < FRESH_SECONDS for one in self.shown)
