"""A lab's messages to its learner, each for the time that it takes to read."""

from collections.abc import Callable, Iterable

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
    ) -> Announcement:
        """Show a message for `timeout` seconds. It takes the place of one that says the same."""
        left = SECONDS if timeout is None else timeout
        added = Announcement(text, way_on, title, severity, left, topic)
        self._end(one for one in self.shown if (one.text, one.way_on, one.title) == (text, way_on, title))
        self.shown.insert(0, added)
        self._changed()
        return added

    def withdraw(self, announcement: Announcement) -> None:
        """Remove a message, if it still shows: what it says does not hold any more."""
        if self._end(one for one in self.shown if one is announcement):
            self._changed()

    def clear(self, *topics: Topic) -> None:
        """Remove the messages on `topics`, or all messages."""
        if self._end(one for one in self.shown if not topics or one.topic in topics):
            self._changed()

    def _end(self, done: Iterable[Announcement]) -> bool:
        """Take messages away, and those whose time is over; False if there are none."""
        for one in done:
            one.left = 0
        before = len(self.shown)
        self.shown = [one for one in self.shown if one.shows]
        return len(self.shown) < before

    def pass_time(self, seconds: float) -> None:
        """Count down the seconds that the learner had to read."""
        fresh = self.fresh
        for one in self.shown:
            one.left -= seconds
            one.age += seconds
        if self._end(()) or fresh != self.fresh:
            self._changed()

    @property
    def fresh(self) -> bool:
        """True if one has just been said: it may cover what is always there."""
        return any(one.age < FRESH_SECONDS for one in self.shown)
