"""Ids from headings."""

import re

_SEPARATORS = re.compile(r"[\W_]+")


def slug(heading: str) -> str:
    """A heading's id: its letters and digits in lower case, joined by `-`; "" if it has none."""
    return _SEPARATORS.sub("-", heading.casefold()).strip("-")
