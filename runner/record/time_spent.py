"""The rule by which a learner's time is counted."""

LONGEST_PAUSE = 300.0
"""Seconds without an event that still count as time spent."""


def time_spent(before: float, now: float) -> float:
    """The seconds from one event to the next; 0 if the learner was away in between, or the clock was put back."""
    pause = now - before
    return pause if 0 <= pause <= LONGEST_PAUSE else 0.0
