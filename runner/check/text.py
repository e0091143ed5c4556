"""Regular expressions searched for in a text, with words for a mismatch."""

import re

from runner.lab.model.check import TextMatch
from runner.language import tr


def text_mismatch(match: TextMatch, text: str) -> str:
    """The part of `match` that does not hold for `text`, in words; "" if all holds. `^` and `$` match at lines."""
    for pattern in match.all:
        if not re.search(pattern, text, re.MULTILINE):
            return tr("output that matches {pattern!r}", pattern=pattern)
    if match.any and not any(re.search(pattern, text, re.MULTILINE) for pattern in match.any):
        return tr("output that matches one of {patterns}", patterns=", ".join(map(repr, match.any)))
    for pattern in match.none:
        if re.search(pattern, text, re.MULTILINE):
            return tr("output without {pattern!r}", pattern=pattern)
    return ""
