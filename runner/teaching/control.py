"""The orders that an instructor gives a class, and the status that the class reports."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from runner.errors import WorkshopError
from runner.language import tr
from runner.record.codec import packed, unpacked
from runner.record.notice import DemoFrame, Nudge, Pace, Pause


@dataclass(frozen=True, slots=True)
class Person:
    """A learner in the class; `door` is browser, ssh or join."""

    name: str
    connected: bool = True
    door: str = ""
    mirror: bool = False
    """Whether they have agreed that the instructor sees their terminal."""
    trouble: str = ""
    """What their machine cannot do now, such as writing to its disk; "" if all is well."""


@dataclass(frozen=True, slots=True)
class ClassStatus:
    """The class as it is now. `joining` are the lines that say how to join: an address, a code, a fingerprint."""

    title: str
    joining: tuple[str, ...] = ()
    seats: int = 0
    people: tuple[Person, ...] = ()
    pace: Pace = field(default_factory=Pace)
    pause: Pause = field(default_factory=lambda: Pause(on=False))
    demo: bool = False
    watching: str = ""
    """Whose terminal the instructor sees; "" for nobody's."""
    trouble: str = ""
    """What the class cannot do now, such as writing its record; "" if all is well."""


@dataclass(frozen=True, slots=True)
class SendNudge:
    """A message, or the next hint, for some learners."""

    to: tuple[str, ...]
    nudge: Nudge


@dataclass(frozen=True, slots=True)
class SetPace:
    """Up to which lab the class may go."""

    pace: Pace


@dataclass(frozen=True, slots=True)
class SetPause:
    """Everybody stops, or goes on."""

    pause: Pause


@dataclass(frozen=True, slots=True)
class SetDemo:
    """The instructor's own session is shown to everybody, or not any more."""

    on: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """Mirror this learner's terminal, who is told so; nobody's for ""."""

    learner: str


@dataclass(frozen=True, slots=True)
class SettleHelp:
    """A learner who asked for help has been helped."""

    learner: str


@dataclass(frozen=True, slots=True)
class Remove:
    """Take a learner out of the class; they may join again."""

    learner: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EndClass:
    """The class is over; `text` is what everybody is told."""

    text: str = ""


Order = SendNudge | SetPace | SetPause | SetDemo | Watch | SettleHelp | Remove | EndClass
ORDERS: Mapping[str, type[Order]] = {kind.__name__: kind for kind in Order.__args__}
"""The orders by their names, as they travel."""
_Order = TypeVar("_Order")


def order_fields(order: object) -> dict[str, Any]:
    """An order as a JSON object: its name and its data."""
    return {"order": type(order).__name__, "data": packed(order)}


def read_order(line: str | bytes, kinds: Mapping[str, type[_Order]]) -> _Order:
    """The order that a line of JSON holds; `kinds` are the known orders by their names.

    Raises:
        ValueError: it holds none, or one of a newer version.
    """
    try:
        found = json.loads(line)
        return unpacked(kinds[found["order"]], found["data"])
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(f"no order: {line[:80]!r}") from error


class ClassControl(Protocol):
    """A class that is under way. Each call returns at once, from whatever thread it is made."""

    def status(self) -> ClassStatus:
        """The class as it is now."""

    def give(self, order: Order) -> None:
        """Give an order.

        Raises:
            WorkshopError: it cannot be done; the message says why.
        """

    def mirrored(self) -> DemoFrame | None:
        """What the learner who is watched sees now; None if nothing is known of it yet."""


def not_agreed(name: str) -> WorkshopError:
    """Why a learner's terminal is not shown."""
    return WorkshopError(tr("{name} has not agreed to be watched. Ask them, or walk over.", name=name))
