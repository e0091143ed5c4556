"""Suggestions for an unknown word."""

import re

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 40
"""The number of characters compared; longer words are no slips, and the time grows with the square of the length."""
_CANDIDATES = 3
_FAMILY = re.compile(r".*[-_]", re.DOTALL)
_SHARE = 3
"""A slip changes at most one of so many characters."""


def nearest(word: str, known: "Iterable[str]", *, cutoff: float = 0.6) -> str:
    """The known word that `word` is most likely a slip of, or ""; `cutoff` is how alike they must be, up to 1."""
    from difflib import get_close_matches  # noqa: PLC0415 - slow to import, and only a mistake needs it

    word = word[:_LONGEST]
    alike = get_close_matches(word, list(known), n=_CANDIDATES, cutoff=cutoff)
    return next((each for each in alike if _is_slip(word, each)), "")


def did_you_mean(word: str, known: "Iterable[str]", *, cutoff: float = 0.6) -> str:
    """` (did you mean …?)` with the nearest known word, to end a message with; "" if none is near."""
    near = nearest(word, known, cutoff=cutoff)
    return f" (did you mean {near}?)" if near else ""


def _is_slip(word: str, known: str) -> bool:
    """True if few characters differ, or if one word is a part of the other.

    What a whole family of names begins with (`CAP_`, `AF_`) makes no two of them alike, so it is not compared.
    """
    first, second = word.casefold(), known.casefold()
    if first in second or second in first:
        return True
    start = 0
    while first[start : start + 1] == second[start : start + 1]:
        start += 1
    family = _FAMILY.match(first[:start])
    skipped = family.end() if family else 0
    first, second = first[skipped:], second[skipped:]
    return _changes(first, second) <= max(1, max(len(first), len(second)) // _SHARE)


def _changes(first: str, second: str) -> int:
    """The number of characters to add, drop, replace, or swap with their neighbour."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, left in enumerate(first):
        above, row = row, [i + 1]
        for j, right in enumerate(second):
            cost = min(above[j] + (left != right), above[j + 1] + 1, row[j] + 1)
            if i and j and left == second[j - 1] and right == first[i - 1]:
                cost = min(cost, before[j - 1] + 1)
            row.append(cost)
        before = above
    return row[-1]
