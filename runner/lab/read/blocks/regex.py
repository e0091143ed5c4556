"""Regular expressions that a lab can use."""

import re
import time
import warnings
from collections.abc import Iterator

NEVER = "(?!)"
"""An expression that matches nothing, to stand for one that cannot be used."""

_REPEATED_GROUP = re.compile(r"\)(?:[*+]|\{)")
"""Only a group that is repeated can take a time that grows with each character."""
_COMMON = "a0 /-._\n"
_MOST_PIECES = 40
_TIMES = range(1, 31)
_LONGEST = 0.05
"""Seconds of work for a short text; others take some microseconds."""


def regex_problem(pattern: str, *, whole: bool = False) -> str:
    """The reason why `pattern` cannot be searched for, or with `whole` compared with a line; "" if it can."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compiled = re.compile(pattern, re.MULTILINE)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        return f"not a regular expression: {str(error) or type(error).__name__}"
    slow = _slow_on(compiled, whole=whole) if _REPEATED_GROUP.search(pattern) else ""
    if slow:
        return (
            f"takes too long where it does not fit, as on {slow!r}: "
            "have no repetition within a repetition, as in (a+)+, and no two alternatives for one text"
        )
    return ""


def _slow_on(compiled: re.Pattern[str], *, whole: bool) -> str:
    """A short text that takes long to compare; "" if none is found."""
    match = compiled.fullmatch if whole else compiled.search
    for piece in _pieces(compiled.pattern):
        # Longer by and by: where the time doubles with each character, this ends soon after it is noticed.
        for times in _TIMES:
            text = piece * times + "\1"
            began = time.thread_time()
            match(text)
            if time.thread_time() - began > _LONGEST:
                return text[:-1]
    return ""


def _pieces(pattern: str) -> Iterator[str]:
    """Texts that, repeated, may fit a part of the pattern in many ways."""
    words: list[str] = re.findall(r"[^\W_]+", pattern)
    pairs = [word[at : at + 2] for word in words for at in range(len(word) - 1)]
    yield from list(dict.fromkeys((*_COMMON, *pattern, *pairs)))[:_MOST_PIECES]
