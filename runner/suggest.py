"""Suggestions for an unknown word."""

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 40
"""The number of characters compared; longer words are no slips, and the time grows with the square of the length."""


def nearest(word: str, known: "Iterable[str]", *, cutoff: float = 0.6) -> str:
    """The known word that `word` is most likely a slip of, or ""; `cutoff` is how alike they must be, up to 1."""
    from difflib import get_close_matches  # noqa: PLC0415 - slow to import, and only a mistake needs it

    return next(iter(get_close_matches(word[:_LONGEST], list(known), n=1, cutoff=cutoff)), "")


def did_you_mean(word: str, known: "Iterable[str]", *, cutoff: float = 0.6) -> str:
    """` (did you mean …?)` with the nearest known word, to end a message with; "" if none is near."""
    near = nearest(word, known, cutoff=cutoff)
    return f" (did you mean {near}?)" if near else ""
