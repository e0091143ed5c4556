"""Arguments as logs print them → the values that a filter sees."""

import re
from functools import lru_cache

from runner.errors import UsageError
from runner.profile.calls.constant_values import FAMILIES, OTHERWISE
from runner.profile.calls.constants import argument, number
from runner.profile.calls.signatures import INT_ARGUMENTS
from runner.profile.calls.syscalls import MAX_ARGS, WORD_MASK, Arch, find
from runner.profile.evidence.model import SeenCall

_SHORT = 64
_NARROW = 32
_HIGHEST_POSITIVE = 2**63 - 1
_HEX = re.compile(r"0x[0-9a-f]{1,16}\Z")
_COMMENT = re.compile(r"/\*.*?\*/")
_DECODED = re.compile(r"(-?\d+|AT_FDCWD)<.*>\Z")
_MEMBER = re.compile(r"([a-z_]+)=")
_SHIFT = re.compile(r"(\d{1,4})<<(\d{1,2}|[A-Z_]+)\Z")
_SHIFTS = {"MAP_HUGE_SHIFT": 26, "MFD_HUGE_SHIFT": 26}
_BITS = 64
_MACRO = re.compile(r"(_IOC|[A-Z][A-Z_]*)\(([^()]*)\)\Z")
_VALUE = re.compile(r"-?[0-9][0-9a-zA-Z]*|[A-Z][A-Za-z0-9_]*\Z")
_NUMBER_BEFORE = frozenset(("amd64", "386", "x32"))
_HIGHEST_COUNT = 1 << 32
"""A larger result is taken for an address, such as that of a text which a log shows in its place."""
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


def rolled_back(seen: SeenCall, machine: Arch) -> bool:
    """True if a result is what the register had before the call, so that seccomp stopped that with a signal.

    On x86 it is the call's number, elsewhere its first argument.
    """
    if seen.errno or seen.result.startswith("?"):
        return False
    arch = seen.arch or machine
    result = result_number(seen.result)
    if arch.go in _NUMBER_BEFORE:
        try:
            return result == (seen.number if seen.number is not None else find(seen.name, arch).number)
        except UsageError:
            pass  # the log is of another machine
    before = values(seen, arch)[0]
    return result == before if before is not None else result > _HIGHEST_COUNT


def result_number(result: str) -> int:
    """A result as a number; 0 if it is not one."""
    try:
        return int(result.split(maxsplit=1)[0], 0)
    except (IndexError, ValueError):
        return 0


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
    text = _COMMENT.sub("", text).partition(" => ")[0].replace("_IOC_", "IOC_").strip()
    if not _MEMBER.match(text):
        decoded = _DECODED.match(text)
        text = decoded[1] if decoded else text
    else:
        text = text.partition("=")[2]
    if text == "NULL":
        return 0
    # A number may be of several constants, of which each has it.
    found = (_sum(alternative, arch) for alternative in text.split(" or "))
    return next((value for value in found if value is not None), None)


def _sum(text: str, arch: Arch) -> int | None:
    """The value of constants and numbers with `|` between them, or of a macro of the kernel's headers."""
    if macro := _MACRO.match(text.strip()):
        return _of_macro(macro[1], [_sum(part, arch) for part in macro[2].split(",")], arch)
    total = 0
    for part in map(str.strip, text.split("|")):
        value = _term(part, arch)
        if value is None:
            return None
        total |= value
    return total


def _term(part: str, arch: Arch) -> int | None:
    if shift := _SHIFT.match(part):
        places = int(shift[2]) if shift[2].isdigit() else _SHIFTS.get(shift[2])
        return None if places is None else int(shift[1]) << places if places < _BITS else 0
    if not _VALUE.match(part) or (part[0].isdigit() and number(part) is None):
        return None
    try:
        return argument(part, arch).value
    except UsageError:
        return None


def _of_macro(name: str, given: list[int | None], arch: Arch) -> int | None:
    """The value of a macro with its arguments; None for an unknown one."""
    values = [value for value in given if value is not None]
    if len(values) < len(given):
        return None
    match name, values:
        case "_IOC", [direction, kind, nr, size] if FAMILIES.get(arch.go) not in OTHERWISE:
            return direction << 30 | size << 16 | kind << 8 | nr
        case "QCMD", [command, kind]:
            return command << 8 | kind
        case "IOPRIO_PRIO_VALUE", [kind, data]:
            return kind << 13 | data
        case _:
            return None
