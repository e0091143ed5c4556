"""Arguments as logs print them → the values that a filter sees."""

import re
from functools import lru_cache

from runner.errors import UsageError
from runner.profile.calls.constants import argument, number
from runner.profile.calls.signatures import INT_ARGUMENTS
from runner.profile.calls.syscalls import MAX_ARGS, WORD_MASK, Arch
from runner.profile.evidence.model import SeenCall

_SHORT = 64
_NARROW = 32
_HIGHEST_POSITIVE = 2**63 - 1
_HEX = re.compile(r"0x[0-9a-f]{1,16}\Z")
_COMMENT = re.compile(r"/\*.*?\*/")
_DECODED = re.compile(r"(-?\d+|AT_FDCWD)<.*>\Z")
_MEMBER = re.compile(r"([a-z_]+)=")
_SHIFT = re.compile(r"(\d+)<<(\d+)\Z")
_VALUE = re.compile(r"-?[0-9][0-9a-zA-Z]*|[A-Z][A-Za-z0-9_]*\Z")
_CLONE = {
    "s390x": ("child_stack", "flags"),
    "s390": ("child_stack", "flags"),
}
_CLONE_ELSEWHERE = ("flags", "child_stack")


def values(call: SeenCall, arch: Arch) -> tuple[int | None, ...]:
    """The six arguments as unsigned numbers; None where the evidence does not show the value that the filter sees.

    Unknown are pointers (a log shows their targets instead), constants that this module does not know, and all
    arguments where the evidence has none.
    """
    if call.args is None:
        return (None,) * MAX_ARGS
    printed = call.args[:MAX_ARGS]
    if call.name == "clone" and any(_MEMBER.match(text) for text in printed):
        printed = _clone_order(printed, arch)
    ints = INT_ARGUMENTS.get(call.name, frozenset())
    found = [_seen(text, arch, is_int=index in ints) for index, text in enumerate(printed)]
    return (*found, *(0,) * (MAX_ARGS - len(found)))


def _clone_order(printed: tuple[str, ...], arch: Arch) -> tuple[str, ...]:
    """The arguments of clone in the order of the registers: strace prints them by name in another order."""
    named = dict(text.split("=", 1) for text in printed if _MEMBER.match(text))
    order = _CLONE.get(arch.go, _CLONE_ELSEWHERE)
    return tuple(named.get(name, "") for name in order) + ("",) * (MAX_ARGS - len(order))


def _seen(text: str, arch: Arch, *, is_int: bool) -> int | None:
    """The register's value; None for a negative `int`, whose upper half the program may have left empty or filled."""
    value = _value(text, arch)
    if value is None or value <= WORD_MASK:
        return value
    if arch.bits == _NARROW:
        return value & WORD_MASK
    negative = value > _HIGHEST_POSITIVE and not _HEX.match(text)
    return None if is_int and negative else value


def _value(text: str, arch: Arch) -> int | None:
    if _HEX.match(text):
        return int(text, 16)
    return _known_value(text, arch) if len(text) <= _SHORT else _spelled_value(text, arch)


@lru_cache(maxsize=4096)
def _known_value(text: str, arch: Arch) -> int | None:
    """`_spelled_value`, cached: for short texts, which are likely to come again."""
    return _spelled_value(text, arch)


def _spelled_value(text: str, arch: Arch) -> int | None:
    text = _COMMENT.sub("", text).partition(" => ")[0].partition(" or ")[0].strip()
    if not _MEMBER.match(text):
        decoded = _DECODED.match(text)
        text = decoded[1] if decoded else text
    else:
        text = text.partition("=")[2]
    if text == "NULL":
        return 0
    total = 0
    for part in text.split("|"):
        shift = _SHIFT.match(part.strip())
        if shift:
            total |= 1 << int(shift[2]) if int(shift[2]) < 64 else 0
            continue
        if not _VALUE.match(part.strip()) or (part.strip()[0].isdigit() and number(part.strip()) is None):
            return None
        try:
            total |= argument(part.strip(), arch).value
        except UsageError:
            return None
    return total
