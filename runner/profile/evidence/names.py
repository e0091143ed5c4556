"""Resolves a word of a log to a system call: a name, a number in one of many spellings, or strace's own name."""

import re
from typing import NamedTuple

from runner.profile import libseccomp
from runner.profile.calls.groups import KNOWN
from runner.profile.calls.kernel_names import CALL_OF_FUNCTION, own_name
from runner.profile.calls.spelling import arch_of_number, without_prefix
from runner.profile.calls.syscalls import Arch, may_be_newer, of_number
from runner.profile.calls.syscalls import arch as find_arch

# Most words are a known name as written, so these patterns are compiled only when needed.
_NUMBERED = (
    r"(?:syscall_|SYS_|sys_|__NR_|NR_|#|unknown-syscall\()?(?:0[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}))\)?\Z"
)
_NAME = r"[a-z_][a-z0-9_]{0,63}\Z"
_NO_CALL = 2**32 - 1
"""The number -1, which a filter leaves behind of a call that it has refused."""
_SECOND = re.compile(r"(?:\"(?:[^\"\\]|\\.)*\"|[^,()\"])*,")
"""A second argument: `umount` has none, and what is called so with one is `umount2`."""
_SYMBOL = r"(?:__\w+_)?sys_"
"""What stands before a call in the name of the kernel's function for it."""


class Named(NamedTuple):
    """A call's name, its number if the log gave one, and the ABI that the number implies."""

    name: str
    number: int | None = None
    arch: Arch | None = None

    @property
    def known(self) -> bool:
        """True if some kernel has this call."""
        return self.name in KNOWN


def named(word: str, arch: Arch) -> Named | None:
    """The call that a word means, with numbers read for `arch`; None if the word is neither a name nor a number."""
    if word in KNOWN:
        return Named(word)
    numbered = re.match(_NUMBERED, word)
    if numbered:
        number = int(numbered[1], 16) if numbered[1] else int(numbered[2])
        if number >= _NO_CALL:
            return None
        arch = arch_of_number(number, arch)
        return Named(of_number(number, arch).name, number, arch)
    name = without_prefix(word)
    if name != word and name.isupper():
        name = name.lower()  # as Go's constants have it
    if not re.match(_NAME, name):
        return None
    if name in CALL_OF_FUNCTION and (name not in KNOWN or re.match(_SYMBOL, word)):
        return Named(CALL_OF_FUNCTION[name])
    return Named(name)


def of_tool(found: Named, arch: Arch) -> Named:
    """The call that a tool with names of its own means by one, where a machine has no call of that name."""
    return found._replace(name=own_name(found.name, arch)) if found.number is None else found


def by_arguments(found: Named, text: str, arch: Arch) -> Named:
    """The call that strace, or a tool that writes as it does, means by a name with these arguments."""
    return of_tool(found, arch) if depends_on_arguments(found) and _SECOND.match(text) else found


def depends_on_arguments(found: Named) -> bool:
    """True for a name that alone does not tell the call: see `by_arguments`."""
    return found.name == "umount"


def unknown(number: int, arch: Arch, *, named: bool) -> str:
    """A note on a number that has no name on `arch`, which the evidence itself has `named` or not."""
    if not libseccomp.knows_architecture(arch.token):
        return f"libseccomp {libseccomp.version()} does not know the calls of {arch.go}, such as {number}"
    if may_be_newer(number, arch):
        return f"no system call {number} of {arch.go} is known here: a newer kernel may have one"
    return f"{arch.go} has no system call {number}{'' if named else _elsewhere(number, arch)}"


def _elsewhere(number: int, arch: Arch) -> str:
    """A hint for a number that `arch` lacks: the architectures that have it."""
    for go in ("386", "amd64", "arm64", "arm"):
        other = find_arch(go)
        name = of_number(number, other).name
        if other != arch and name in KNOWN:
            return f"; on {go} it is {name}: name the architecture with --arch {go}"
    return ""
