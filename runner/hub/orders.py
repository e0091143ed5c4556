"""What stands on a class's board between the instructor and the learners' servers: orders, and reports of presence."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from runner.teaching.control import ORDERS, Order, order_fields, read_order

ORDER, PERSON = "order", "person"
"""The topics of the board: orders are posted, and for each learner the last report on them is pinned."""
LOOK_SECONDS = 1.0
"""Seconds between two looks at the board."""
SAY_SECONDS = 20.0
"""Seconds between two reports that a learner is still there, if nothing has changed."""


@dataclass(frozen=True, slots=True)
class ShowTerminal:
    """Show the terminal of this person, who teaches, to everybody; nobody's for ""."""

    of: str


Posted = Order | ShowTerminal
_POSTED: Mapping[str, type[Posted]] = {**ORDERS, ShowTerminal.__name__: ShowTerminal}


def encode(order: Posted) -> str:
    """An order as text for the board."""
    return json.dumps(order_fields(order))


def decode(text: str) -> Posted:
    """The order in a text of the board.

    Raises:
        ValueError: the text is not an order, or is a newer version's.
    """
    return read_order(text, _POSTED)


def valid_orders(posted: Sequence[tuple[int, str]]) -> list[Posted]:
    """The valid orders among the posted texts."""
    found = []
    for _, text in posted:
        with suppress(ValueError):
            found.append(decode(text))
    return found
