"""The program of a simple command."""

import re
from collections.abc import Sequence

_BEFORE = frozenset({"sudo", "env", "command", "exec", "time", "nohup", "!"})
"""What runs the program that stands after it."""
_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")


def program_at(words: Sequence[str]) -> int:
    """The index of the word that names the program, behind assignments and what runs it; their number if none does."""
    plain = (at for at, word in enumerate(words) if word not in _BEFORE and not _ASSIGNMENT.match(word))
    return next(plain, len(words))


def program_of(text: str) -> str:
    """The name of the program that a simple command calls, without its folder; "" if it calls none."""
    words = text.split()
    return next(iter(words[program_at(words) :]), "").rpartition("/")[2]
