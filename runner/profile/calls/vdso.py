"""Calls that a program makes without the kernel."""

from runner.profile.calls.table import words_by_key

TYPE_CHECKING = False  # typing is slow to import
if TYPE_CHECKING:
    from collections.abc import Collection

    from runner.profile.calls.call import Call

VDSO = words_by_key(
    """
    386: clock_getres clock_gettime clock_gettime64 gettimeofday time
    amd64 x32: clock_getres clock_gettime getcpu gettimeofday time
    arm: clock_gettime clock_gettime64 gettimeofday
    arm64: clock_getres clock_gettime gettimeofday
    loong64 riscv64 s390x: clock_getres clock_gettime getcpu gettimeofday
    mips mipsle: clock_gettime clock_gettime64 gettimeofday
    mips64 mips64p32 mips64le mips64p32le: clock_gettime gettimeofday
    ppc: clock_getres clock_gettime clock_gettime64 getcpu gettimeofday time
    ppc64 ppc64le: clock_getres clock_gettime getcpu gettimeofday time
    """
)
"""By an architecture the calls that its kernel's vDSO, which every process has in its memory, answers by itself."""

_RANDOM = {
    "amd64": ("6.11", "glibc 2.41"),
    **dict.fromkeys(("arm64", "loong64", "ppc", "ppc64", "ppc64le", "s390x"), ("6.12", "glibc 2.41")),
    "riscv64": ("6.16", ""),
}
"""By an architecture the kernel from which on its vDSO gives random numbers, and the C library that takes them there.

It is not in the table above: the vDSO gets a new key by the call itself now and then, and fails where that is denied.
"""
_CLOCKS = frozenset((0, 1, 4, 5, 6, 7, 11))
"""The clocks that it reads: CLOCK_REALTIME, _MONOTONIC, _MONOTONIC_RAW, the two coarse ones, _BOOTTIME and _TAI."""


def random_numbers(call: "Call") -> tuple[str, str] | None:
    """The kernel and the C library with which a call for random numbers is mostly the vDSO's; None for another call.

    The library is "" if none is known.
    """
    return _RANDOM.get(call.arch.go) if call.syscall.name == "getrandom" else None


def is_answered(call: "Call", unknown: "Collection[int]" = ()) -> bool:
    """True if programs get the answer to a call from the vDSO, whatever the arguments at the `unknown` indexes are.

    Of clocks, that is so for most, and not for those of processes and threads.
    """
    name = call.syscall.name
    if name not in VDSO.get(call.arch.go, ()):
        return False
    return not name.startswith("clock_") or 0 in unknown or call.args[0] in _CLOCKS
