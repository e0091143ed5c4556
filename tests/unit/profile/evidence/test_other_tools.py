"""`runner.profile.evidence.own_table` and `sysdig`: what other programs, and this one, print of calls."""

import io

import pytest

from runner.cli.profile.workload.trace_view import table
from runner.profile.calls.syscalls import arch
from runner.profile.evidence import Evidence, Kind, read_evidence
from runner.profile.importers.detect import detect, import_profile
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.trace.recorder import Recorder

SYSDIG = """\
1 10:31:02.010101010 0 my cat (1234) < execve res=0 exe=cat args=/etc/passwd. tid=1234(cat) pid=1234(cat)
2 10:31:02.010201010 0 my cat (1234) > openat dirfd=-100(AT_FDCWD) name=/etc/passwd flags=1(O_RDONLY) mode=0
3 10:31:02.010301010 0 my cat (1234) < openat fd=3(<f>/etc/passwd) dirfd=-100(AT_FDCWD) name=/etc/passwd
4 10:31:02.010401010 0 my cat (1234) > switch next=0 pgft_maj=0
5 10:31:02.010701010 0 my cat (1234) > mount flags=0
6 10:31:02.010801010 0 my cat (1234) < mount res=-1(EPERM) dev=none dir=/mnt type=tmpfs
7 10:31:02.010901010 0 my cat (1234) > exit_group
"""


def read(text: str) -> Evidence:
    return read_evidence(io.BytesIO(text.encode()), arch("amd64"))


@pytest.fixture
def own_table() -> str:
    simulation = Simulation.of_text(
        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": ['
        '{"names": ["mount"], "action": "SCMP_ACT_ERRNO"}, {"names": ["swapon"], "action": "SCMP_ACT_KILL_PROCESS"}]}',
        Target(),
        file="my profile.json",
    )
    recorder = Recorder(simulation)
    recorder.feed(
        b"read(3) = 0\nread(3) = 0\nopenat(1) = -1 ENOENT (x)\nopenat(1) = -1 EACCES (x)\n"
        b"mount(1) = -1 EPERM (x)\nswapon(1) = ?\n"
    )
    return table(recorder.trace(), recorder, simulation)


def test_the_table_that_trace_prints_is_read_again(own_table: str) -> None:
    assert detect(own_table) == "evidence"
    evidence = read(own_table)
    found = {seen.name: seen.times for seen in evidence.calls}
    assert found == {"read": 2, "openat": 2, "mount": 1, "swapon": 1}
    assert evidence.used == {Kind.TRACE: 4}
    assert evidence.unused_lines == 0
    imported = import_profile(own_table)
    assert "the table of workshop profile trace: 4 of" in imported.read_as


def test_what_the_table_says_was_denied_is_denied(own_table: str) -> None:
    seen = []
    read_evidence(io.BytesIO(own_table.encode()), arch("amd64"), observer=seen.append)
    assert {(call.name, call.action, call.errno) for call in seen} >= {
        ("mount", "errno", "EPERM"),
        ("swapon", "kill_process", ""),
        ("read", "", ""),
    }


def test_a_row_without_the_heading_is_no_row(own_table: str) -> None:
    rows = own_table.splitlines()[1:3]
    assert read("\n".join(rows)).calls == ()


def test_events_of_sysdig_are_calls_and_its_other_events_are_none() -> None:
    assert detect(SYSDIG) == "evidence"
    evidence = read(SYSDIG)
    assert {seen.name: seen.times for seen in evidence.calls} == {
        "execve": 1,
        "openat": 1,
        "mount": 1,
        "exit_group": 1,
    }
    assert evidence.unused_lines == 0
    assert "sysdig's log" in import_profile(SYSDIG).read_as


def test_what_sysdig_says_of_a_calls_return_is_told_with_the_call() -> None:
    seen = []
    log = SYSDIG + "8 10:31:02.010911010 0 my cat (9) > mkdir mode=0\n"
    evidence = read_evidence(io.BytesIO(log.encode()), arch("amd64"), observer=seen.append)
    assert [(call.name, call.errno, call.line, call.times) for call in seen] == [
        ("execve", "", 1, 0),
        ("openat", "", 2, 1),
        ("mount", "EPERM", 5, 1),
        ("exit_group", "", 7, 1),
        ("mkdir", "", 8, 1),
    ]
    assert evidence.used == {Kind.SYSDIG: 7}
