"""JSON that others have written, which may be anything."""

import json
from typing import Any


def json_value(text: str | bytes) -> Any:
    """The value in a text.

    Raises:
        ValueError: it is not JSON, or is nested more deeply than Python can follow.
    """
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
