"""Calls that a program makes without the kernel."""

from runner.profile.calls.table import words_by_key

VDSO = words_by_key(
    """
    386: clock_getres clock_gettime clock_gettime64 gettimeofday time
    amd64: clock_getres clock_gettime getcpu gettimeofday time
    arm: clock_gettime clock_gettime64 gettimeofday
    arm64: clock_getres clock_gettime gettimeofday
    loong64 riscv64 s390x: clock_getres clock_gettime getcpu gettimeofday
    ppc64le: clock_getres clock_gettime getcpu gettimeofday time
    """
)
"""By an architecture the calls that its kernel's vDSO, which every process has in its memory, answers by itself."""
