"""Architectures and their system calls: names and numbers as libseccomp knows them, and newer ones."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from runner.errors import UsageError
from runner.language import tr
from runner.profile import libseccomp
from runner.profile.calls.c_library import CALLS
from runner.profile.calls.older import INSTEAD
from runner.suggest import nearest

MAX_ARGS = 6
ARGUMENT_MASK = 0xFFFFFFFFFFFFFFFF
WORD_MASK = 0xFFFFFFFF
"""All bits of one word: of a number, or of half an argument."""
X32_BIT = 0x40000000
_NUMBER = re.compile(r"#?(-?(?:0[xX][0-9a-fA-F]+|[0-9]+))\Z")
_MOST_DIGITS = 40
"""The longest text that is taken for a number: Python neither reads nor writes one of thousands of digits."""


@dataclass(frozen=True, slots=True)
class Arch:
    """An architecture as seccomp sees it.

    `token` is libseccomp's, `audit` what the kernel puts into `seccomp_data`: they differ for x32 only, whose
    calls are x86-64's with a bit set. `offset` is added to the numbers that all architectures share.
    """

    go: str
    scmp: str
    token: int
    bits: int
    offset: int = 0

    @property
    def audit(self) -> int:
        """The architecture's number in `seccomp_data` and in the audit log."""
        return AMD64_TOKEN if self.token == X32_TOKEN else self.token

    @property
    def big_endian(self) -> bool:
        """True if the high half of an argument comes first in memory."""
        return self.token & 0x40000000 == 0

    def runs(self, other: "Arch") -> bool:
        """True if a kernel of this architecture runs programs of another one."""
        return other.go in (self.go, *_ALSO_RUN.get(self.go, ()))


AMD64_TOKEN = 0xC000003E
X32_TOKEN = 0x4000003E
S390_TOKENS = frozenset((0x00000016, 0x80000016))

ARCHES: tuple[Arch, ...] = (
    Arch("amd64", "SCMP_ARCH_X86_64", AMD64_TOKEN, 64),
    Arch("386", "SCMP_ARCH_X86", 0x40000003, 32),
    Arch("x32", "SCMP_ARCH_X32", X32_TOKEN, 32, X32_BIT),
    Arch("arm64", "SCMP_ARCH_AARCH64", 0xC00000B7, 64),
    Arch("arm", "SCMP_ARCH_ARM", 0x40000028, 32),
    Arch("loong64", "SCMP_ARCH_LOONGARCH64", 0xC0000102, 64),
    Arch("mips", "SCMP_ARCH_MIPS", 0x00000008, 32, 4000),
    Arch("mips64", "SCMP_ARCH_MIPS64", 0x80000008, 64, 5000),
    Arch("mips64p32", "SCMP_ARCH_MIPS64N32", 0xA0000008, 32, 6000),
    Arch("mipsle", "SCMP_ARCH_MIPSEL", 0x40000008, 32, 4000),
    Arch("mips64le", "SCMP_ARCH_MIPSEL64", 0xC0000008, 64, 5000),
    Arch("mips64p32le", "SCMP_ARCH_MIPSEL64N32", 0xE0000008, 32, 6000),
    Arch("ppc", "SCMP_ARCH_PPC", 0x00000014, 32),
    Arch("ppc64", "SCMP_ARCH_PPC64", 0x80000015, 64),
    Arch("ppc64le", "SCMP_ARCH_PPC64LE", 0xC0000015, 64),
    Arch("riscv64", "SCMP_ARCH_RISCV64", 0xC00000F3, 64),
    Arch("s390", "SCMP_ARCH_S390", 0x00000016, 32),
    Arch("s390x", "SCMP_ARCH_S390X", 0x80000016, 64),
)
_ALSO_RUN = {
    "amd64": ("386", "x32"),
    "arm64": ("arm",),
    "mips64": ("mips", "mips64p32"),
    "mips64p32": ("mips", "mips64"),
    "mips64le": ("mipsle", "mips64p32le"),
    "mips64p32le": ("mipsle", "mips64le"),
    "ppc64": ("ppc",),
    "s390x": ("s390",),
}
_ALIASES = {"x86": "386", "i386": "386", "x86_64": "amd64", "aarch64": "arm64", "mips64el": "mips64le"}
_SPOKEN = _ALIASES | {
    **dict.fromkeys(("x64", "x86-64"), "amd64"),
    **dict.fromkeys(("i486", "i586", "i686"), "386"),
    **dict.fromkeys(("armel", "armhf", "armv5l", "armv6l", "armv7l"), "arm"),
    **dict.fromkeys(("loongarch64", "loong"), "loong64"),
    **dict.fromkeys(("ppc64el", "powerpc64le"), "ppc64le"),
    "powerpc": "ppc",
    "powerpc64": "ppc64",
    "mipsel": "mipsle",
    "mips64n32": "mips64p32",
    "mipsel64n32": "mips64p32le",
}
"""Names by uname, distributions and libseccomp, in lower case."""
_AUDIT = re.compile(r"(?:0x)?([0-9a-f]{8})\Z")
_BY_GO = {arch.go: arch for arch in ARCHES}
_BY_SCMP = {arch.scmp: arch for arch in ARCHES}

# Numbers that every architecture shares (plus its offset). An installed libseccomp may be older: then these
# names are unknown to it, and the runtime skips rules on them.
_SHARED = {
    "process_mrelease": 448,
    "futex_waitv": 449,
    "set_mempolicy_home_node": 450,
    "cachestat": 451,
    "fchmodat2": 452,
    "map_shadow_stack": 453,
    "futex_wake": 454,
    "futex_wait": 455,
    "futex_requeue": 456,
    "statmount": 457,
    "listmount": 458,
    "lsm_get_self_attr": 459,
    "lsm_set_self_attr": 460,
    "lsm_list_modules": 461,
    "mseal": 462,
    "setxattrat": 463,
    "getxattrat": 464,
    "listxattrat": 465,
    "removexattrat": 466,
    "open_tree_attr": 467,
    "file_getattr": 468,
    "file_setattr": 469,
}
_NEVER_FILTERED = {"amd64": {335: ("uretprobe", (6, 14)), 336: ("uprobe", (6, 18))}}
"""The calls that a kernel executes without asking a filter, by architecture and number, and the first such kernel."""
_SHARED_NAMES = {number: name for name, number in _SHARED.items()}


_OWN = {
    "riscv64": {"riscv_hwprobe": 258},
    **{
        arch: {name: number for number, (name, _) in calls.items()} for arch, calls in _NEVER_FILTERED.items()
    },
}
"""Numbers newer than an installed libseccomp that one architecture alone has."""
_OWN_NAMES = {arch: {number: name for name, number in calls.items()} for arch, calls in _OWN.items()}


class Syscall(NamedTuple):
    """A system call of one architecture; `known` says whether the installed libseccomp has its name."""

    name: str
    number: int
    known: bool = True


def arch(text: str) -> Arch:
    """The architecture by Go's name (`arm64`) or libseccomp's (`SCMP_ARCH_AARCH64`)."""
    found = _BY_SCMP.get(text) or _BY_GO.get(_ALIASES.get(text, text))
    if found is None:
        near = nearest(text, _BY_GO)
        raise UsageError(
            tr("unknown architecture {name} (did you mean {near}?)", name=repr(text), near=near)
            if near
            else tr("unknown architecture {name}", name=repr(text)),
            remedy=tr("name one of {names}", names=", ".join(_BY_GO)),
        )
    return found


def go_name(text: str) -> str:
    """Go's name of an architecture that a user names as uname, a distribution, a platform, or a log does.

    In any case: `armhf`, `linux/arm64/v8`, `SCMP_ARCH_AARCH64`, `c00000b7`. The text itself if it is none of these.
    """
    folded = text.strip().lower()
    if audit := _AUDIT.match(folded):
        token = int(audit[1], 16)
        return next((arch.go for arch in ARCHES if arch.token == token), text)
    plain = folded.removeprefix("linux/").partition("/")[0]
    for prefix in ("scmp_arch_", "audit_arch_"):
        plain = plain.removeprefix(prefix)
    found = _BY_SCMP.get(f"SCMP_ARCH_{plain.upper()}") or _BY_GO.get(_SPOKEN.get(plain, plain))
    return found.go if found else text


def find(text: str, arch: Arch) -> Syscall:
    """Return the system call that a user gives by its name or its number (`90`, `0x5a`, `#-1`)."""
    match = _NUMBER.match(text)
    if match:
        if len(match[1]) > _MOST_DIGITS:
            raise _no_number(f"{match[1][:_MOST_DIGITS]}…")
        return of_number(int(match[1], 16 if "x" in match[1].lower() else 10), arch)
    number = own_number(text, arch)
    if number is not None:
        return Syscall(text, number)
    if libseccomp.number(text, arch.token) is not None:
        raise UsageError(
            tr("{arch} has no system call {name}", arch=arch.go, name=repr(text)), remedy=_instead(text, arch)
        )
    newer = _OWN.get(arch.go, {}).get(text)
    if newer is None and text in _SHARED:
        newer = _SHARED[text] + arch.offset
    if newer is not None:
        return Syscall(text, newer, known=False)
    near = _newer(text, arch) or nearest(text, names(arch))
    raise UsageError(
        tr("unknown system call {name} (did you mean {near}?)", name=repr(text), near=near)
        if near
        else tr("unknown system call {name}", name=repr(text)),
        remedy=tr(
            "give its number, if libseccomp {version} does not know the name yet",
            version=libseccomp.version(),
        ),
    )


def of_number(number: int, arch: Arch) -> Syscall:
    """The system call with a number, which any signed or unsigned 32-bit value may be."""
    if not -(2**31) <= number < 2**32:
        raise _no_number(str(number))
    unsigned = number & WORD_MASK
    signed = unsigned - 2**32 if unsigned >= 2**31 else unsigned
    name = libseccomp.name(signed, arch.token) if signed >= 0 else None
    if name is None:
        newer = _newer_name(unsigned, arch)
        return Syscall(newer or f"#{signed}", unsigned, known=False)
    return Syscall(name, unsigned)


def _no_number(number: str) -> UsageError:
    return UsageError(
        tr("{number} is not a system call number: the kernel's are 32 bits wide", number=number),
        remedy=tr("give the call's name"),
    )


def own_number(name: str, arch: Arch) -> int | None:
    """The number with which programs of an architecture make the call directly; None if it has no such number.

    libseccomp has negative pseudo-numbers for calls that can also be made through `socketcall` or `ipc`, also where the
    architecture has a real number for the call.
    """
    number = libseccomp.number(name, arch.token)
    if number is None or number >= 0:
        return number
    return _own_numbers(arch).get(name)


def multiplexed(name: str, arch: Arch) -> tuple[int, int] | None:
    """The number of `socketcall` or `ipc` on an architecture and the first argument that selects the call.

    None for other calls, and on architectures without those two.
    """
    through, which = _MULTIPLEXED.get(name, ("", 0))
    outer = libseccomp.number(through, arch.token) if through else None
    return None if outer is None or outer < 0 else (outer, which)


def is_multiplexed(name: str) -> bool:
    """True if a rule on this call also matches other calls on some architecture: both become rules on one call."""
    return name in _MULTIPLEXED or name in ("socketcall", "ipc")


def _instead(name: str, arch: Arch) -> str:
    if multiplexed(name, arch):
        through, which = _MULTIPLEXED[name]
        return tr(
            "its programs reach it through {through}: name that, with {which} as its first argument",
            through=through,
            which=which,
        )
    if newer := _newer(name, arch):
        return tr("its programs call {name}: name that", name=newer)
    return tr("name the call that its programs make instead, or give a number, or another --arch")


def _newer(name: str, arch: Arch) -> str:
    """What the programs of an architecture call where others call `name`, or by that function; "" if unknown."""
    instead = (
        other for other in (*INSTEAD.get(name, ()), *CALLS.get(name, ()), f"{name}64") if other != name
    )
    return next((other for other in instead if own_number(other, arch) is not None), "")


@lru_cache(maxsize=len(ARCHES))
def _own_numbers(arch: Arch) -> dict[str, int]:
    return {call.name: call.number for call in all_calls(arch) if call.known}


def names(arch: Arch) -> tuple[str, ...]:
    """The names of all calls that an architecture has, in the order of their numbers."""
    return tuple(call.name for call in all_calls(arch))


def all_calls(arch: Arch) -> tuple[Syscall, ...]:
    """All calls that libseccomp knows on an architecture, then the newer ones."""
    found = []
    for number in range(arch.offset, arch.offset + _HIGHEST):
        name = libseccomp.name(number, arch.token)
        if name is not None:
            found.append(Syscall(name, number))
        elif newer := _newer_name(number, arch):
            found.append(Syscall(newer, number, known=False))
    return tuple(found)


def may_be_newer(number: int, arch: Arch) -> bool:
    """True for a number behind all that are known: newer kernels give out such numbers one after another."""
    return max(_SHARED_NAMES) < number - arch.offset < _OWN_OF_X32


def never_filtered_since(arch: Arch, number: int) -> tuple[int, int] | None:
    """The first kernel that executes a call without asking any filter; None for nearly all calls."""
    return _NEVER_FILTERED.get(arch.go, {}).get(number, ("", None))[1]


def never_filtered_calls(arch: Arch) -> dict[str, tuple[int, tuple[int, int]]]:
    """The calls that kernels execute without asking any filter: their numbers, and the first such kernel."""
    return {name: (number, since) for number, (name, since) in _NEVER_FILTERED.get(arch.go, {}).items()}


def _newer_name(number: int, arch: Arch) -> str | None:
    return _OWN_NAMES.get(arch.go, {}).get(number) or _SHARED_NAMES.get(number - arch.offset)


_OWN_OF_X32 = 512
"""The first number of the calls that x32 alone has."""
# Above every table's end (469 today), x32's own calls included.
_HIGHEST = 560

_SOCKET_CALLS = (
    *("socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername", "socketpair", "send"),
    *("recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg", "accept4"),
    *("recvmmsg", "sendmmsg"),
)
_SEMAPHORE_CALLS = {"semop": 1, "semget": 2, "semctl": 3, "semtimedop": 4}
_MESSAGE_CALLS = {"msgsnd": 11, "msgrcv": 12, "msgget": 13, "msgctl": 14}
_MEMORY_CALLS = {"shmat": 21, "shmdt": 22, "shmget": 23, "shmctl": 24}
_IPC_CALLS = _SEMAPHORE_CALLS | _MESSAGE_CALLS | _MEMORY_CALLS
_MULTIPLEXED: dict[str, tuple[str, int]] = {
    **{name: ("socketcall", which) for which, name in enumerate(_SOCKET_CALLS, 1)},
    **{name: ("ipc", which) for name, which in _IPC_CALLS.items()},
}
"""Calls that some architectures also make through another call, selected by a number in its first argument."""
