"""Codes that are read aloud, written on a board and typed."""

import secrets

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits, without those that look alike."""
_GROUPS, _LENGTH = 2, 4


def new_code() -> str:
    """A random code: one of 31⁸."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def same_code(typed: str, code: str) -> bool:
    """True if `typed` is the code, ignoring spaces and case."""
    return secrets.compare_digest(_plain(typed).encode(), _plain(code).encode())


def _plain(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())
