"""Arguments of system calls as people write them: numbers, the kernel's constants, and several with `|`."""

import errno
import re
from functools import lru_cache
from typing import NamedTuple

from runner.errors import UsageError
from runner.language import tr
from runner.profile.calls.constant_values import ELSEWHERE, FAMILIES, OTHERWISE, TABLES
from runner.profile.calls.syscalls import Arch
from runner.suggest import nearest

_ALL_BITS = 0xFFFF_FFFF_FFFF_FFFF
_LOWEST = -0x8000_0000_0000_0000
_DIGITS = 4000
_POINTER = {64: 0x7FFC_0000_1000, 32: 0xBFFC_1000}
_NUMBER = re.compile(r"(-?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)\Z")
_CONSTANT = re.compile(r"[A-Z][A-Z0-9]*(_[A-Za-z0-9_]+)?\Z")
_SIGRT = re.compile(r"SIGRT_(\d{1,2})\Z")
_QUOTED = re.compile(r"""(["']).*\1\Z""", re.DOTALL)


class Argument(NamedTuple):
    """An argument's unsigned 64-bit value, and notes for the user; for a text, the value is a pointer to it."""

    value: int
    note: str = ""
    is_text: bool = False


def argument(text: str, arch: Arch) -> Argument:
    """Read an argument.

    It may be a number (`438`, octal `0666` or `0o666`, `0x1b6`, `-1` as 64 bits), a constant's name, several
    of those joined with `|`, or text such as a path, which stands for a pointer to it.
    """
    if _is_text(text):
        return Argument(
            _POINTER[arch.bits],
            tr("seccomp sees only a pointer, never the text that it points to"),
            is_text=True,
        )
    value = 0
    for part in text.split("|"):
        value |= _term(part.strip(), text, arch)
    return Argument(value)


def number(text: str) -> int | None:
    """Read a number as C and Python write it, octal with a leading 0 included; None if the text is not a number."""
    match = _NUMBER.match(text)
    if not match:
        return None
    sign, digits = match.groups()
    octal = digits[0] == "0" and digits.isdigit() and len(digits) > 1
    # Python reads no decimal number of thousands of digits; the first ones make it too large as well.
    value = int(digits, 8) if octal else int(digits[:_DIGITS] if digits.isdigit() else digits, 0)
    return -value if sign else value


def constant(name: str, arch: Arch) -> int | None:
    """The value of a constant on an architecture; None if it is unknown."""
    family = FAMILIES.get(arch.go, "")
    name = f"AF_{name[3:]}" if name.startswith("PF_") and name[3:4].isupper() else name
    found = _table(family).get(name, _table("").get(name))
    if found is None and family not in OTHERWISE:
        found = _table(ELSEWHERE).get(name)
    return _real_time(name) if found is None else found


def _real_time(name: str) -> int | None:
    """The number of a real-time signal as strace writes it, such as `SIGRT_2`; None for another name."""
    match = _SIGRT.match(name)
    return int(match[1]) + 32 if match else None


def meant_constant(word: str, prefix: str) -> str:
    """The constant that a word means in another case, or without its `prefix` (`vsock`); "" if there is none."""
    folded = word.strip("\"'").upper()
    return next((name for name in (folded, f"{prefix}{folded}") if name in _table("")), "")


def errno_name(number: int) -> str:
    """The name of an errno; its number as text if it has no name."""
    return errno.errorcode.get(number, str(number))


def errno_number(name: str) -> int | None:
    """The generic number of an errno by its name (`EPERM`); None if there is no such name."""
    found = getattr(errno, name, None)
    return found if isinstance(found, int) else None


def read_errno(text: str) -> int | None:
    """The number of an errno as a user writes it, by name or number; None if it is neither."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else errno_number(text)


def _is_text(text: str) -> bool:
    if not text or _QUOTED.match(text):
        return True
    parts = [part.strip() for part in text.split("|")]
    return not any(
        _NUMBER.match(part) or _CONSTANT.match(part) or part == "" for part in parts
    ) and not re.match(r"[-+]?[0-9]", text)


def _term(part: str, whole: str, arch: Arch) -> int:
    value = number(part)
    if value is None:
        value = constant(part, arch)
    if value is None:
        near = nearest(part, (*_table(""), *_table(ELSEWHERE)))
        raise UsageError(
            tr(
                "argument {whole}: {part} is neither a number nor a constant known here (did you mean {near}?)",
                whole=repr(whole),
                part=repr(part),
                near=near,
            )
            if near
            else tr(
                "argument {whole}: {part} is neither a number nor a constant known here",
                whole=repr(whole),
                part=repr(part),
            ),
            remedy=tr("write its value as a number; quote it if it is a text"),
        )
    if not _LOWEST <= value <= _ALL_BITS:
        raise UsageError(
            tr("argument {whole}: {part} does not fit into 64 bits", whole=repr(whole), part=part),
            remedy=tr("write a number of 64 bits at most"),
        )
    return value & _ALL_BITS


@lru_cache
def _table(family: str) -> dict[str, int]:
    pairs = (pair.split("=") for pair in TABLES[family].split())
    table = {name: int(value, 0) for name, value in pairs}
    if not family:
        table.update({name: value for value, name in errno.errorcode.items()}, NULL=0, TRUE=1, FALSE=0)
    return table
