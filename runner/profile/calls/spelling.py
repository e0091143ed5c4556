"""A call's name and number as logs, headers and the kernel's symbols spell them."""

import re

from runner.profile.calls.groups import KNOWN
from runner.profile.calls.syscalls import AMD64_TOKEN, X32_BIT, Arch
from runner.profile.calls.syscalls import arch as find_arch

_PREFIX = r"SYS_|__NR_|NR_|sys_|syscall_|__(?:x64|ia32|arm64|s390x?|riscv|se|do)_sys_"
MACRO = r"(?:SYS_|__NR_)[a-z][a-z0-9_]{0,63}"
"""A pattern of a call's name as programs of C write it."""
_NEGATIVE = 2**31
"""Numbers from here on are negative ones to a program."""


def without_prefix(word: str) -> str:
    """The word without what stands before a call's name (`__NR_read`, `__x64_sys_read`); the word itself if nothing."""
    prefix = re.match(_PREFIX, word)
    return word[prefix.end() :] if prefix else word


def plain(word: str) -> str:
    """A call's name or number, in any case, without what stands before it; the word itself if it is neither."""
    folded = word.lower()
    if folded in KNOWN:
        return folded
    prefix = re.match(f"{_PREFIX}|#", word, re.IGNORECASE)
    rest = folded[prefix.end() :] if prefix else ""
    return rest if rest[:1].isdigit() or rest in KNOWN else word


def arch_of_number(number: int, arch: Arch) -> Arch:
    """The architecture whose call a program of `arch` makes by a number: on amd64, bit 30 makes it one of x32."""
    return find_arch("x32") if arch.token == AMD64_TOKEN and X32_BIT <= number < _NEGATIVE else arch
