"""`runner.profile.evidence.own_table`: the table of `workshop profile trace`, read again."""

import pytest

from runner.cli.profile.workload.trace_view import table
from runner.profile.calls.syscalls import arch
from runner.profile.evidence import Evidence, EvidenceKind, read_evidence
from runner.profile.importers.detect import detect, import_profile
from runner.profile.model import Target
from runner.profile.simulation import Simulation
from runner.trace.recorder import Recorder


def read(text: str) -> Evidence:
    return read_evidence(text, arch("amd64"))


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
    assert evidence.used == {EvidenceKind.TRACE: 4}
    assert evidence.unused_lines == 0
    imported = import_profile(own_table)
    assert "the table of workshop profile trace: 4 of" in imported.read_as


def test_calls_denied_by_the_table_are_denied(own_table: str) -> None:
    seen = []
    read_evidence(own_table, arch("amd64"), observer=seen.append)
    assert {(call.name, call.action, call.errno) for call in seen} >= {
        ("mount", "errno", "EPERM"),
        ("swapon", "kill_process", ""),
        ("read", "", ""),
    }


def test_a_row_without_the_heading_is_no_row(own_table: str) -> None:
    rows = own_table.splitlines()[1:3]
    assert read("\n".join(rows)).calls == ()
