"""A lab's messages to its learner, each for the time that it takes to read."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from runner.errors import printable
from runner.language import tr
from runner.tui.keys.names import key_name
from runner.tui.lab.view import Severity, Topic

SECONDS = 5.0
"""Seconds that a message stays by default."""

_KEY = re.compile(r"`([^`]+)`")


@dataclass(slots=True)
class Announcement:
    """A message; `way_on` names keys in backticks, and `left` is the number of seconds that it still shows."""

    text: str
    way_on: str
    title: str
    severity: Severity
    left: float
    topic: Topic = ""

    def said(self, leave: str) -> str:
        """The text with its keys as they are pressed: after `leave`, if that has to come first."""
        return printable(f"{self.text} {with_keys(self.way_on, leave)}".strip())


def with_keys(text: str, leave: str) -> str:
    """A text with its keys, in backticks, as they are pressed: after `leave`, if that has to come first."""
    return _KEY.sub(lambda key: _pressed(key[1], leave), text)


def _pressed(key: str, leave: str) -> str:
    return tr("{leave}, then {key}", leave=leave, key=key_name(key)) if leave else key_name(key)


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

    def clear(self, *topics: Topic) -> None:
        """Remove the messages on `topics`, or all messages."""
        kept = [one for one in self.shown if topics and one.topic not in topics]
        if len(kept) < len(self.shown):
            self.shown = kept
            self._changed()

    def pass_time(self, seconds: float) -> None:
        """Count down the seconds that the learner had to read."""
        for one in self.shown:
            one.left -= seconds
        if any(one.left <= 0 for one in self.shown):
            self.shown = [one for one in self.shown if one.left > 0]
            self._changed()
