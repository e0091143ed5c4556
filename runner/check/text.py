"""Regular expressions over a text, with words for what did not match."""

import re

from runner.lab.model.check import TextMatch


def text_mismatch(match: TextMatch, text: str) -> str:
    """What of `match` does not hold for `text`, in words; "" if all of it holds. `^` and `$` mean lines."""
    for pattern in match.all:
        if not re.search(pattern, text, re.MULTILINE):
            return f"output that matches {pattern!r}"
    if match.any and not any(re.search(pattern, text, re.MULTILINE) for pattern in match.any):
        return f"output that matches one of {', '.join(map(repr, match.any))}"
    for pattern in match.none:
        if re.search(pattern, text, re.MULTILINE):
            return f"output without {pattern!r}"
    return ""
