"""Modes of files among the arguments of calls: people write them in octal, without the 0 that says so."""

import re

from runner.language import tr
from runner.profile.calls.signatures import indexes

_MODE_ARGUMENTS = indexes(
    """
    0: umask
    1: chmod creat fchmod mkdir mknod
    2: fchmodat fchmodat2 mkdirat mknodat open
    3: openat
    """
)
_LIKE_A_MODE = re.compile(r"[1-7][0-7]{2,3}")
_USUAL = frozenset(("420", "436", "493", "511"))
"""Decimal numbers that are usual modes: 0644, 0664, 0755 and 0777."""


def decimal_mode(call: str, index: int, text: str) -> str:
    """A note on an argument that is a mode, and a decimal number that looks like one in octal; "" for another."""
    if index not in _MODE_ARGUMENTS.get(call, ()) or not _LIKE_A_MODE.fullmatch(text) or text in _USUAL:
        return ""
    return tr(
        "argument {index} is a mode, and {decimal} is read as a decimal number: write 0{decimal} for octal",
        index=index,
        decimal=text,
    )
