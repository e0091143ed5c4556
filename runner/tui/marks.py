"""The marks that the app shows, and their meanings."""

from collections.abc import Iterator
from typing import NamedTuple

QUIET = "$foreground 65%"


class Mark(NamedTuple):
    """A symbol whose meaning is clear without its colour."""

    symbol: str
    colour: str
    meaning: str


CHECK_OPEN = Mark("○", QUIET, "has not passed yet")
CHECK_PASSED = Mark("✓", "$success", "holds; until all of them do, a later change can undo it")
CHECK_FAILED = Mark("✗", "$error", "was tried, and did not pass")
CHECK_UNKNOWN = Mark("!", "$warning", "could not be tried; the text below it says why")

COMMAND_NEXT = Mark("▶", "$accent", "is the next one: r types it")
COMMAND_NEW = Mark("▷", "$accent", "comes later")
COMMAND_TYPED = Mark("◌", "$accent", "was typed, and has not ended yet")
COMMAND_AS_SHOWN = Mark("✓", "$success", "did what the lesson shows")
COMMAND_DIFFERENT = Mark("≠", "$warning", "did something else than the lesson shows")

CONTAINER_RUNNING = Mark("●", "$success", "runs")
CONTAINER_OFF = Mark("○", QUIET, "does not run: l launches it")
CONTAINER_REFUSED = Mark("✗", "$error", "did not start; the text after it says why")

ANSWER_OPEN = Mark("○", QUIET, "was not chosen")
ANSWER_RIGHT = Mark("✓", "$success", "is right")
ANSWER_WRONG = Mark("✗", "$error", "is wrong")

LAB_DONE = Mark("✓", "$success", "is done")
LAB_BEGUN = Mark("◐", "$accent", "was begun")
LAB_NEW = Mark("○", QUIET, "is new")

STEP_HERE = Mark("●", "$primary", "is this step, or one before it")
STEP_LATER = Mark("○", QUIET, "is still to come")

FINDING_ERROR = Mark("✗", "$error", "keeps a container from starting, or from having the profile")
FINDING_HIGH = Mark("!!", "$error", "lets through what the profile seems to deny")
FINDING_MEDIUM = Mark("!", "$warning", "surprises on some machine, architecture or version")
FINDING_INFO = Mark("i", QUIET, "is untidy, without an effect")
FINDING_NONE = Mark("✓", "$success", "has nothing to be said against it")

CALL_DENIED = Mark("✗", "$error", "was denied by seccomp")
CALL_FAILED = Mark("!", "$warning", "failed as a denied one does, and not by seccomp")
CALL_ALLOWED = Mark("✓", "$success", "was let through by seccomp")

LINE_ADDED = Mark("+", "$success", "is yours, and not in the lesson")
LINE_REMOVED = Mark("-", "$error", "is in the lesson, and not in your file")

LEGEND: tuple[tuple[str, tuple[Mark, ...]], ...] = (
    ("A check", (CHECK_OPEN, CHECK_PASSED, CHECK_FAILED, CHECK_UNKNOWN)),
    (
        "A command",
        (COMMAND_NEXT, COMMAND_NEW, COMMAND_TYPED, COMMAND_AS_SHOWN, COMMAND_DIFFERENT),
    ),
    ("A container", (CONTAINER_RUNNING, CONTAINER_OFF, CONTAINER_REFUSED)),
    ("A call in Watch", (CALL_DENIED, CALL_FAILED, CALL_ALLOWED)),
    ("A line of a file", (LINE_ADDED, LINE_REMOVED)),
    ("An answer", (ANSWER_OPEN, ANSWER_RIGHT, ANSWER_WRONG)),
    ("A dot at the top", (STEP_HERE, STEP_LATER)),
    ("A lab in the list", (LAB_DONE, LAB_BEGUN, LAB_NEW)),
    ("A finding in the editor", (FINDING_ERROR, FINDING_HIGH, FINDING_MEDIUM, FINDING_INFO, FINDING_NONE)),
)
"""The marks by subject; the subject begins a sentence that each mark's meaning completes."""


def marks() -> Iterator[Mark]:
    """All marks."""
    return (value for value in globals().values() if isinstance(value, Mark))
