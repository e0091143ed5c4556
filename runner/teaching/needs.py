"""The rules for who needs help."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

from runner.language import tr
from runner.record.time_spent import time_spent
from runner.teaching.plan import PlannedStep
from runner.teaching.way import Place, Way

IDLE_SECONDS = 300.0
"""Seconds without an action after which a learner who is not done counts as idle."""
SLOW = 2.0
"""The multiple of the class's median time from which a failed try in a step means being stuck."""


class NeedKind(IntEnum):
    """Reasons for needing help; the most urgent first."""

    HELP = 0
    """They have asked for it."""
    TROUBLE = 1
    """Their engine or their machine is failing."""
    STUCK = 2
    """They take long, and their tries have failed."""
    IDLE = 3
    """They do nothing."""
    AWAY = 4
    """Their connection is gone."""
    NONE = 5
    DONE = 6
    """They have done every open lab."""


@dataclass(frozen=True, slots=True)
class Need:
    """A learner's need for help: its reason in words, and its start."""

    kind: NeedKind
    why: str = ""
    since: float = 0.0

    @property
    def order(self) -> tuple[int, float]:
        """The sort key: the most urgent need comes first."""
        return self.kind, self.since


@dataclass(frozen=True, slots=True)
class Moment:
    """The reference for needs: the time now, the end of the last pause, and the class's seconds for each step."""

    now: float
    resumed: float
    paused: bool
    steps: Mapping[Place, PlannedStep]
    medians: Mapping[PlannedStep, float]


def seconds_here(way: Way, moment: Moment) -> float:
    """The seconds that a learner has been at their step so far."""
    return way.here_seconds + (time_spent(way.last, moment.now) if way.open else 0.0)


def need(way: Way, moment: Moment, *, connected: bool, trouble: str, done: bool) -> Need:
    """The most urgent need of a learner."""
    if way.help is not None:
        return Need(NeedKind.HELP, tr("asks for help {about}", about=way.help.about).strip(), way.help_since)
    if trouble:
        return Need(NeedKind.TROUBLE, trouble, way.last)
    if way.trouble is not None:
        reason = way.trouble.reason
        why = tr("engine lost: {reason}", reason=reason) if way.trouble.lost else reason
        return Need(NeedKind.TROUBLE, why, way.last)
    if not connected:
        return Need(NeedKind.AWAY, tr("not connected"), way.last)
    if done:
        return Need(NeedKind.DONE)
    return _stuck(way, moment) or Need(NeedKind.NONE)


def _stuck(way: Way, moment: Moment) -> Need | None:
    step = None if way.here is None else moment.steps.get(way.here)
    visit = None if way.here is None else way.steps.get(way.here)
    if step is None or visit is None:
        return None
    tried = visit.last_try
    usual = moment.medians.get(step, step.seconds)
    if tried is not None and seconds_here(way, moment) > SLOW * usual and not step.done(visit):
        seen = f": {tried.observed}" if tried.observed else ""
        return Need(NeedKind.STUCK, f"{tried.check}{seen}", visit.last_try_time)
    quiet_since = max(way.last_deed, moment.resumed)
    if not moment.paused and way.open and moment.now - quiet_since > IDLE_SECONDS:
        minutes = int(moment.now - quiet_since) // 60
        return Need(NeedKind.IDLE, tr("nothing for {minutes} min", minutes=minutes), quiet_since)
    return None
