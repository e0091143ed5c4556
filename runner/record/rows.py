"""An event as a row of a table."""

import json
from collections.abc import Mapping
from typing import Any

from runner.json_value import json_value
from runner.record.event import Event, data_of, happening

COLUMNS = "learner, workshop, lab, step, kind, time, data"

Row = tuple[str, str, str, str, str, float, str]


def row_of(event: Event) -> Row:
    """The columns of an event, in their order."""
    data = json.dumps(data_of(event.happening), sort_keys=True)
    place = (event.learner, event.workshop, event.lab, event.step)
    return (*place, event.happening.kind, event.time, data)


def event_of(row: Row) -> Event:
    """The event in a row; from a damaged row, as much as is readable."""
    learner, workshop, lab, step, kind, time, data = row
    return Event(
        learner=learner,
        workshop=workshop,
        lab=lab,
        step=step,
        time=time,
        happening=happening(kind, _mapping(data)),
    )


def _mapping(text: str) -> Mapping[str, Any]:
    try:
        value = json_value(text)
    except ValueError:
        # A damaged row must not keep the learner from the others.
        value = None
    return value if isinstance(value, dict) else {}
