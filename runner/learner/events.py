"""What a learner did, one event at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Kind(StrEnum):
    """The kinds of event, by the word that the log keeps, and what `Event.data` holds."""

    OPENED = "opened"
    """The lab came on the screen."""
    CLOSED = "closed"
    """The lab left the screen."""
    ALIVE = "alive"
    """The lab is still on the screen: what a crash may lose of the time spent is what came after this."""
    ENTERED = "entered"
    """The step became the current one."""
    PASSED = "passed"
    """`check` passed."""
    HINT = "hint"
    """One more hint of the step was revealed."""
    SOLVED = "solved"
    """The step was solved for the learner, who watched."""
    SKIPPED = "skipped"
    """The step was solved for the learner, who went on."""
    ANSWERED = "answered"
    """`quiz` was answered with `option`, `correct` or not."""
    NOTED = "noted"
    """The learner's notes on the lab are `text` from now on."""
    FINISHED = "finished"
    """The lab's last step was left."""
    STEP_RESET = "step-reset"
    LAB_RESET = "lab-reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the log; `kind` is text, since a newer version may have written kinds unknown here.

    `time` in seconds since the epoch; `step` is "" for events of the lab as a whole.
    """

    learner: str
    workshop: str
    lab: str
    step: str
    kind: str
    time: float
    data: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
