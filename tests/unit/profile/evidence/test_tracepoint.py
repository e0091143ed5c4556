"""Lines of the kernel's tracepoints, as several tools print them."""

import pytest

from runner.errors import UsageError
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
    ("text", "calls", "read"),
    [
        (BPFTRACE, {"mount": 3, "fstat": 120}, "2 of 4 lines, 123 calls of 2 names"),
        (FTRACE, {"openat": 2}, "4 of 5 lines, 2 calls of 1 name"),
        (PERF_SCRIPT, {"getpid": 1, "umount2": 1}, "3 of 3 lines, 2 calls of 2 names"),
        (PERF_STAT, {"mount": 1003}, "2 of 7 lines, 1,003 calls of 1 name"),
    ],
    ids=["bpftrace", "ftrace", "perf script", "perf stat"],
)
def test_each_call_is_counted_once_and_by_its_own_name(text, calls, read):
    evidence = read_evidence(text, arch("amd64"))
    assert {seen.name: seen.times for seen in evidence.calls} == calls
    assert set(evidence.used) == {EvidenceKind.TRACEPOINT}
    assert evidence.unused_lines == 0
    imported = import_profile(text)
    assert imported.profile.rules[0].names == tuple(sorted(calls))
    assert imported.read_as == f"lines of the kernel's tracepoints: {read}"
    assert imported.notes == ("the kernel's tracepoints tell no call that seccomp denied",)


def test_a_line_that_is_about_something_else_is_none():
    assert point("sched:sched_switch: prev_comm=ls") is None
    assert point("x sys_exit_write: 0x1") == Point("", 0)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("     1.000123456                  0      syscalls:sys_enter_kexec_load", Point("kexec_load", 0)),
        ("     1.000123456      <not counted>      syscalls:sys_enter_kexec_load", Point("kexec_load", 0)),
        (
            "     1.000123456              1,003      syscalls:sys_enter_mount   ( +- 0.5% )",
            Point("mount", 1003),
        ),
        ("1.000245123,0,,syscalls:sys_enter_kexec_load,1000000,100.00,,", Point("kexec_load", 0)),
        ("1.000245123,12,,syscalls:sys_enter_mount,1000000,100.00,,", Point("mount", 12)),
        ("1.000245123;CPU3;12;;syscalls:sys_enter_mount:u;1000000;100.00;;", Point("mount", 12)),
        ("12,,syscalls:sys_enter_mount,1000000,100.00,,", Point("mount", 12)),
        ("<not counted>,,syscalls:sys_enter_mount,0,0.00,,", Point("mount", 0)),
        ("CPU0             0      syscalls:sys_enter_kexec_load", Point("kexec_load", 0)),
        ("S0        8              0      syscalls:sys_enter_kexec_load", Point("kexec_load", 0)),
        ("S0-D0-C1,2,7,,syscalls:sys_enter_mount,1,100.00,,", Point("mount", 7)),
        ("     ls-1234              1.003      syscalls:sys_enter_mount:u", Point("mount", 1003)),
        ("     1.000123456      syscalls:sys_enter_mount", Point("syscalls:sys_enter_mount", None)),
        ("1.000245123,many,,syscalls:sys_enter_mount,,", Point("syscalls:sys_enter_mount", None)),
        ("syscalls:sys_enter_mount     0", Point("mount", 0)),
    ],
)
def test_a_count_stands_behind_a_time_and_a_processor(line, expected):
    assert point(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("  ls-1  [000] .....  12.567892: sys_exit_group(error_code: 0)", Point("exit_group", 1)),
        ("  ls-1  [000] .....  12.567892: sys_exit(error_code: 0)", Point("exit", 1)),
        ("  ls-1  [000] .....  12.567892: sys_exit_group -> 0x0", Point("", 0)),
        ("  ls-1  [000]  12.567892: sys_enter_exit_group: error_code: 0", Point("exit_group", 1)),
        ("  ls-1  [000]  12.567892: sys_enter_openat:     filename: sys_exit_read", Point("openat", 1)),
        ("  ls-1  [000]  12.567892: sys_enter:            NR 257 (ffffff9c, 7f12)", Point("#257", 1)),
        ("     0.000 ls/1234 syscalls:sys_enter_openat(dfd: CWD, filename: 0x7f)", Point("openat", 1)),
        ("     0.000 syscalls:sys_enter_openat:dfd: CWD", Point("openat", 1)),
        ("10:11:12 1234   1235   ls              sys_enter_openat", Point("openat", 1)),
        ("@[tracepoint:syscalls:sys_enter_read, 1234]: 5", Point("read", 5)),
        ("@[tracepoint:syscalls:sys_enter_read]: count 3, average 4, total 12", Point("read", 3)),
        ("@[tracepoint:syscalls:sys_enter_read]: ", Point("read", 1)),
    ],
)
def test_an_event_is_a_call_and_its_return_is_none(line, expected):
    assert point(line) == expected


@pytest.mark.parametrize(
    "text",
    [
        "# cmdline : perf record -e syscalls:sys_enter_bpf ls\n",
        "$ perf record -e syscalls:sys_enter_bpf ls\n",
        "perf trace -e syscalls:sys_enter_bpf: ls\n",
        "syscalls:sys_enter_bpf\nsyscalls:sys_exit_bpf\n",
        "tracepoint:syscalls:sys_enter_bpf\n",
        "  syscalls:sys_enter_bpf                             [Tracepoint event]\n",
        "sys_enter_bpf\n",
        "/sys/kernel/tracing/events/syscalls/sys_enter_bpf: not found\n",
    ],
)
def test_a_tracepoint_that_is_only_named_is_no_call(text):
    assert read_evidence(text, arch("amd64")).calls == ()
    assert read_evidence(text, arch("amd64")).used == {}


def test_a_list_of_tracepoints_is_no_profile():
    why = r"no system call in it; 3 lines .* could not be used, the first: line 1: names a tracepoint without a count"
    with pytest.raises(UsageError, match=why):
        import_profile("syscalls:sys_enter_bpf\nsyscalls:sys_exit_bpf\nsyscalls:sys_enter_read\n")


def test_the_words_of_plain_ftrace_are_recognised():
    head = "# tracer: nop\n#\n#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION\n"
    line = "              ls-1234    [000] .....  1234.567892: sys_{}\n"
    calls = ("openat(dfd: ffffff9c, filename: 7f12)", "openat -> 0x3", "exit_group(error_code: 0)")
    imported = import_profile(head + "".join(map(line.format, calls)))
    assert imported.profile.rules[0].names == ("exit_group", "openat")
    assert "the kernel's tracepoints" in imported.read_as
