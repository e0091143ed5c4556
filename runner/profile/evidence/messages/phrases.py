"""Tables of phrases: what a message says, the calls that it may be about (the likeliest first), and its meaning."""

import re

Phrases = tuple[tuple[str, str, str], ...]


def first_phrase(table: Phrases, text: str) -> tuple[tuple[str, ...], str] | None:
    """The calls and the meaning of the first phrase that a text has, in any case; None if it has none."""
    for pattern, calls, meaning in table:
        if re.search(pattern, text, re.IGNORECASE):
            return tuple(calls.split()), meaning
    return None
