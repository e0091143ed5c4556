"""Lines of the kernel's tracepoints, as several tools print them."""

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.evidence import EvidenceKind, read_evidence
from runner.profile.evidence.tracepoint import Point, point
from runner.profile.importers import import_profile

BPFTRACE = """\
Attaching 3 probes...

@[tracepoint:syscalls:sys_enter_mount]: 3
@calls[ls, tracepoint:syscalls:sys_enter_newfstat]: 120
"""
FTRACE = """\
# tracer: nop
              ls-1234    [000] .....  1234.567890: sys_enter: NR 257 (ffffff9c, 7f12, 80000, 0, 0, 0)
              ls-1234    [000] .....  1234.567891: sys_exit: NR 257 = 3
              ls-1234    [000] .....  1234.567892: sys_openat(dfd: ffffff9c, filename: 7f12, flags: 80000, mode: 0)
              ls-1234    [000] .....  1234.567893: sys_openat -> 0x3
"""
PERF_SCRIPT = """\
              ls  1234 [000]  1234.567890:       raw_syscalls:sys_enter: NR 39 (0, 0, 0, 0, 0, 0)
              ls  1234 [000]  1234.567890: syscalls:sys_enter_umount: name: 0x7f12, flags: 0x00000000
              ls  1234 [000]  1234.567891: syscalls:sys_exit_umount: 0x0
"""
PERF_STAT = """
 Performance counter stats for 'ls':

             1,003      syscalls:sys_enter_mount
                 0      syscalls:sys_enter_kexec_load

       0.001234567 seconds time elapsed
"""


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (BPFTRACE, {"mount": 3, "fstat": 120}),
        (FTRACE, {"openat": 2}),
        (PERF_SCRIPT, {"getpid": 1, "umount2": 1}),
        (PERF_STAT, {"mount": 1003}),
    ],
    ids=["bpftrace", "ftrace", "perf script", "perf stat"],
)
def test_each_call_is_counted_once_and_by_its_own_name(text, calls):
    evidence = read_evidence(text, arch("amd64"))
    assert {seen.name: seen.times for seen in evidence.calls} == calls
    assert set(evidence.used) == {EvidenceKind.TRACEPOINT}
    assert evidence.unused_lines == 0
    imported = import_profile(text)
    assert imported.profile.rules[0].names == tuple(sorted(calls))
    assert "the kernel's tracepoints" in imported.read_as
    assert any("no call that seccomp denied" in note for note in imported.notes)


def test_a_line_that_is_about_something_else_is_none():
    assert point("sched:sched_switch: prev_comm=ls") is None
    assert point("x sys_exit_write: 0x1") == Point("", 0)
