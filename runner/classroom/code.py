"""Codes that are read aloud, written on a board and typed."""

import secrets

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Without those that look alike."""
_GROUPS, _LENGTH = 2, 4


def new_code() -> str:
    """A code that nobody can guess: one of 31⁸."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def same_code(typed: str, code: str) -> bool:
    """Whether `typed` is the code, however it is spaced and capitalised."""
    return secrets.compare_digest(_plain(typed).encode(), _plain(code).encode())


def _plain(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())
