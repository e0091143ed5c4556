"""`runner.profile.evidence.strace_table`: the tables of `strace -c` with any columns."""

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.evidence import Evidence, EvidenceKind, read_evidence


def read(text: str) -> Evidence:
    return read_evidence(text, arch("amd64"))


TABLES = {
    "usual": """\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 42.31    0.000011           5         2           openat
  0.00    0.000000           0         3         1 syscall_0x1c4
------ ----------- ----------- --------- --------- ----------------
100.00    0.000026           4         6         1 total
""",
    "-U name,calls": """\
syscall              calls
---------------- ---------
openat                   2
fchmodat2                3
---------------- ---------
total                    5
""",
    "-U calls,name": """\
    calls syscall
--------- ----------------
        2 openat
        3 fchmodat2
--------- ----------------
        5 total
""",
    "-w -U with all": """\
% time shortest  longest  usecs/call     calls    errors syscall
------ -------- -------- ----------- --------- --------- ----------------
 50.37 0.000634 0.000634         633         2           openat
 50.37 0.000634 0.000634         633         3         1 fchmodat2
------ -------- -------- ----------- --------- --------- ----------------
100.00 0.000634 0.000634         633         5         1 total
""",
    "remarks behind the calls": """\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 42.31    0.000011           5         2           openat     <- the files
  0.00    0.000000           0         3         1 fchmodat2  \u2190 modes
""",
    "remarks behind rows alone": """\
 42.31    0.000011           5         2           openat     # the files
  0.00    0.000000           0         3         1 fchmodat2  (modes)
""",
    "rows without a heading": """\
 42.31    0.000011           5         2           openat
  0.00    0.000000           0         3         1 fchmodat2
100.00    0.000026           4         6         1 total
""",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_a_table_is_read_by_its_columns(text: str) -> None:
    evidence = read(text)
    assert {call.name: call.times for call in evidence.calls} == {"openat": 2, "fchmodat2": 3}
    assert evidence.unused_lines == 0
    assert evidence.used == {EvidenceKind.COUNT: 2}


def test_a_table_of_names_alone_counts_each_once() -> None:
    evidence = read("syscall\n----------------\nopenat\n----------------\ntotal\n")
    assert [(call.name, call.times) for call in evidence.calls] == [("openat", 1)]


def test_the_tables_of_programs_of_two_kinds() -> None:
    heading = "System call usage summary for 32 bit mode:\n"
    evidence = read(TABLES["usual"] + heading + TABLES["usual"].replace("syscall_0x1c4", "syscall_0x193"))
    found = {(call.name, call.arch.go if call.arch else "") for call in evidence.calls}
    assert ("clock_gettime64", "386") in found
    assert ("fchmodat2", "") in found


def test_a_log_with_a_table_behind_it_keeps_both() -> None:
    evidence = read("exit_group(0) = ?\n+++ exited with 0 +++\n" + TABLES["usual"])
    assert {call.name for call in evidence.calls} == {"exit_group", "openat", "fchmodat2"}
    assert evidence.titles == "strace's log and the table of strace -c"


def test_a_row_without_a_call_is_reported() -> None:
    evidence = read(TABLES["-U calls,name"].replace("openat", "Open-At"))
    assert [unused.line for unused in evidence.unused] == [3]


def test_text_after_a_table_is_not_a_row() -> None:
    evidence = read(TABLES["usual"] + "3 done\n")
    assert (evidence.unused_lines, len(evidence.calls)) == (0, 2)


def test_a_row_with_a_bare_number_does_not_end_the_table() -> None:
    heading = "System call usage summary for 32 bit mode:\n"
    evidence = read(heading + TABLES["usual"].replace("syscall_0x1c4", "403"))
    assert {call.name for call in evidence.calls} == {"openat", "clock_gettime64"}


COMMA = """\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 50,00    0,000123          12        10         1 openat
 50,00    0,000123          12         3           read
------ ----------- ----------- --------- --------- ----------------
100,00    0,000246                    13         1 total
"""


@pytest.mark.parametrize("text", [COMMA, COMMA.partition("openat\n")[0].rpartition("\n")[2] + "openat\n"])
def test_a_table_of_a_locale_with_a_decimal_comma(text: str) -> None:
    evidence = read_evidence(text, arch("amd64"))
    assert ("openat", 10) in [(seen.name, seen.times) for seen in evidence.calls]
    assert evidence.unused == ()
