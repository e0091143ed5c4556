"""The messages of a session's page: text frames with a JSON list of a kind and its values."""

from dataclasses import dataclass

from runner.json_value import json_value
from runner.terminal.size import Size


@dataclass(frozen=True, slots=True)
class Keys:
    """Typed input."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Focus:
    """True if the page has the keyboard focus."""

    here: bool


@dataclass(frozen=True, slots=True)
class Ping:
    """A request for the same message in return."""

    value: str


def read_message(text: str) -> Keys | Size | Focus | Ping:
    """The message in a frame.

    Raises:
        ValueError: a page does not send such a frame.
    """
    match json_value(text):
        case ["stdin", str(keys)]:
            return Keys(keys.encode("utf-8", "replace"))
        case ["resize", {"width": int(columns), "height": int(rows)}]:
            return Size.of(columns, rows)
        case ["focus" | "blur" as change, *_]:
            return Focus(change == "focus")
        case ["ping", str(value)]:
            return Ping(value)
    raise ValueError("not a message of the page")
