"""The notices that a class sends to a learner's app."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from runner.record.codec import unpacked

MOST_COLUMNS, MOST_LINES = 200, 60
"""The size of another person's screen, as far as it is shown."""


class Mirroring(StrEnum):
    """The learner's answer on letting the instructor see their terminal."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Welcome:
    """The learner is in a class; `received` is the last number of their record that came in, None for none.

    `word` lets them in again, and is for the app to show; "" where they do not need it or see it elsewhere.
    """

    kind: ClassVar[str] = "welcome"
    title: str
    instructor: str = ""
    received: int | None = None
    mirror: Mirroring = Mirroring.ASK
    word: str = ""


@dataclass(frozen=True, slots=True)
class Nudge:
    """A message of the instructor to the learner, or, with `hint`, the next hint of their step."""

    kind: ClassVar[str] = "nudge"
    text: str = ""
    hint: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """The labs up to this number, from 1, in the workshop's order, are open; all of them for None.

    `waiting`: the next one opens when everybody has finished the open ones.
    """

    kind: ClassVar[str] = "pace"
    labs: int | None = None
    waiting: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Everybody pauses, or goes on."""

    kind: ClassVar[str] = "pause"
    on: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Demo:
    """The instructor's own session is shown from now on, or no longer."""

    kind: ClassVar[str] = "demo"
    on: bool


@dataclass(frozen=True, slots=True)
class TextRun:
    """Cells of one style: `style` holds the words bold, italic, underline, reverse, and colours as `fg=1`."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row, left to right."""

    runs: tuple[TextRun, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoFrame:
    """The content of the instructor's screen."""

    kind: ClassVar[str] = "demo-frame"
    columns: int
    lines: int
    rows: tuple[TextRow, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """The instructor sees the learner's terminal from now on, or no longer."""

    kind: ClassVar[str] = "watched"
    on: bool


@dataclass(frozen=True, slots=True)
class Helped:
    """The instructor has answered the learner's call for help."""

    kind: ClassVar[str] = "helped"


@dataclass(frozen=True, slots=True)
class ClassEnded:
    """The class is over."""

    kind: ClassVar[str] = "class-ended"
    text: str = ""


Notice = Welcome | Nudge | Pace | Pause | Demo | DemoFrame | Watched | Helped | ClassEnded

_KINDS: Mapping[str, type[Notice]] = {kind.kind: kind for kind in Notice.__args__}


def notice(kind: str, data: object) -> Notice | None:
    """The notice of a kind; None for one of a newer version.

    Raises:
        ValueError: the data does not fit the kind.
    """
    found = _KINDS.get(kind)
    return None if found is None else unpacked(found, data)
