"""A message to the learner in a lab."""

import re
from dataclasses import dataclass
from typing import Literal

from runner.errors import printable
from runner.language import tr
from runner.tui.keys.names import key_name

Severity = Literal["information", "warning", "error"]

Topic = Literal["", "task", "failure"]
"""A message's topic, if it becomes useless later: a task until it is done, a failed command until it was run again,
and both until the step is left."""

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
    age: float = 0.0
    """Seconds for which it has shown."""

    @property
    def shows(self) -> bool:
        """False once its time is over, or it was taken away."""
        return self.left > 0

    def said(self, leave: str) -> str:
        """The text with its keys as they are pressed: after `leave`, if that has to come first."""
        return printable(f"{self.text} {with_keys(self.way_on, leave)}".strip())


def with_keys(text: str, leave: str) -> str:
    """A text with its keys, in backticks, as they are pressed: after `leave`, if that has to come first."""
    return _KEY.sub(lambda key: _pressed(key[1], leave), text)


def _pressed(key: str, leave: str) -> str:
    return tr("{leave}, then {key}", leave=leave, key=key_name(key)) if leave else key_name(key)
