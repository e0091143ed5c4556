"""What a session's page sends: text frames with a JSON list of a kind and what goes with it."""

import json
from dataclasses import dataclass

from runner.terminal.size import Size


@dataclass(frozen=True, slots=True)
class Keys:
    """What was typed."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Focus:
    """Whether the page has the keys."""

    here: bool


@dataclass(frozen=True, slots=True)
class Ping:
    """Wants to be answered with the same."""

    value: str


def read_message(text: str) -> Keys | Size | Focus | Ping:
    """What a frame says.

    Raises:
        ValueError: it is none that the page sends.
    """
    try:
        match json.loads(text):
            case ["stdin", str(keys)]:
                return Keys(keys.encode("utf-8", "replace"))
            case ["resize", {"width": int(columns), "height": int(rows)}]:
                return Size.of(columns, rows)
            case ["focus" | "blur" as change, *_]:
                return Focus(change == "focus")
            case ["ping", str(value)]:
                return Ping(value)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    raise ValueError("not a message of the page")
