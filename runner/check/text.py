"""Words for output that is not as expected."""

from runner.lab.model.check import TextMatch
from runner.language import tr


def text_mismatch(match: TextMatch, text: str) -> str:
    """The part of `match` that does not hold for `text`, in words; "" if all holds."""
    for pattern in match.missing(text):
        return tr("output that matches {pattern!r}", pattern=pattern)
    if match.lacks_any(text):
        return tr("output that matches one of {patterns}", patterns=", ".join(map(repr, match.any)))
    for pattern in match.present(text):
        return tr("output without {pattern!r}", pattern=pattern)
    return ""
