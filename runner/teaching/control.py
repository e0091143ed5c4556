"""The orders that an instructor gives a class, and the status that the class reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from runner.errors import WorkshopError
from runner.json_value import json_value
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
    """True if they have agreed that the instructor sees their terminal."""
    trouble: str = ""
    """A fault of their machine, such as a full disk; "" if all is well."""


@dataclass(frozen=True, slots=True)
class ClassStatus:
    """The class as it is now. `joining` are the lines that say how to join: an address, a code, a fingerprint.

    `link` is the address that brings the class code along, and `own` the instructor's own code and what it is for;
    "" without them.
    """

    title: str
    joining: tuple[str, ...] = ()
    link: str = ""
    own: str = ""
    seats: int = 0
    people: tuple[Person, ...] = ()
    pace: Pace = field(default_factory=Pace)
    pause: Pause = field(default_factory=lambda: Pause(on=False))
    demo: bool = False
    watching: str = ""
    """The learner whose terminal the instructor sees; "" for none."""
    trouble: str = ""
    """A fault of the class, such as a record that cannot be written; "" if all is well."""
    over: bool = False
    """True once the class has been ended, from this screen or another; a Hub's class can always go on."""


@dataclass(frozen=True, slots=True)
class SendNudge:
    """A message, or the next hint, for some learners."""

    to: tuple[str, ...]
    nudge: Nudge


@dataclass(frozen=True, slots=True)
class SetPace:
    """Set the last lab that is open to the class."""

    pace: Pace


@dataclass(frozen=True, slots=True)
class SetPause:
    """Everybody pauses, or goes on."""

    pause: Pause


@dataclass(frozen=True, slots=True)
class SetDemo:
    """The instructor's own session is shown to everybody, or no longer."""

    on: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """Mirror this learner's terminal, which they are told; nobody's for ""."""

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
    """The class is over; `text` is the message to everybody."""

    text: str = ""


Order = SendNudge | SetPace | SetPause | SetDemo | Watch | SettleHelp | Remove | EndClass
ORDERS: Mapping[str, type[Order]] = {kind.__name__: kind for kind in Order.__args__}
"""The orders by the names that they have in messages."""
_Order = TypeVar("_Order")


def order_fields(order: object) -> dict[str, Any]:
    """An order as a JSON object: its name and its data."""
    return {"order": type(order).__name__, "data": packed(order)}


def read_order(line: str | bytes, kinds: Mapping[str, type[_Order]]) -> _Order:
    """The order in a line of JSON; `kinds` are the known orders by their names.

    Raises:
        ValueError: the line holds no order, or one of a newer version.
    """
    try:
        found = json_value(line)
        return unpacked(kinds[found["order"]], found["data"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"no order: {line[:80]!r}") from error


class ClassControl(Protocol):
    """A class that is being held. Each call returns at once, and may come from any thread."""

    def status(self) -> ClassStatus:
        """The class as it is now."""

    def give(self, order: Order) -> None:
        """Give an order.

        Raises:
            WorkshopError: it cannot be carried out; the message says why.
        """

    def mirrored(self) -> DemoFrame | None:
        """The screen of the watched learner; None if it is not known yet."""


def not_agreed(name: str) -> WorkshopError:
    """The error for a learner who has not agreed that their terminal is seen."""
    return WorkshopError(tr("{name} has not agreed to be watched. Ask them, or walk over.", name=name))
