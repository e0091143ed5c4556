"""`runner.profile.evidence.sysdig`: the events of sysdig."""

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.evidence import Evidence, EvidenceKind, read_evidence
from runner.profile.evidence.sysdig import Pairs, event
from runner.profile.importers.detect import detect, import_profile

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
    return read_evidence(text, arch("amd64"))


def test_only_sysdigs_call_events_are_calls() -> None:
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


def test_a_calls_return_is_reported_with_the_call() -> None:
    seen = []
    log = SYSDIG + "8 10:31:02.010911010 0 my cat (9) > mkdir mode=0\n"
    evidence = read_evidence(log, arch("amd64"), observer=seen.append)
    assert [(call.name, call.errno, call.line, call.times) for call in seen] == [
        ("execve", "", 1, 0),
        ("openat", "", 2, 1),
        ("mount", "EPERM", 5, 1),
        ("exit_group", "", 7, 1),
        ("mkdir", "", 8, 1),
    ]
    assert evidence.used == {EvidenceKind.SYSDIG: 7}


def test_no_more_calls_are_kept_than_there_is_room_for() -> None:
    pairs, told = Pairs(most=2), []
    for number in range(5):
        begun = event(f"{number} 10:31:02.0 0 cat ({number}) > mkdir mode=0")
        assert begun is not None
        told += pairs.take(begun, number)
    assert [one.line for one in told] == [0, 1, 2]
    assert [one.line for one in pairs.rest()] == [3, 4]


@pytest.mark.parametrize(
    "before",
    [
        "1 01:02:03.123456789 0 web (abcdef012345) ",
        "1 01:02:03.1 0 host (host) ",
        "1 2026-11-27 01:02:03.123456789 0 ",
    ],
)
def test_the_container_may_stand_before_the_thread(before: str) -> None:
    text = f"{before}ls (1234:12) > mount \n{before}ls (1234:12) < mount res=-1(EPERM) dev=x\n"
    assert [(seen.name, seen.times) for seen in read(text).calls] == [("mount", 1)]
    assert detect(text) == "evidence"


@pytest.mark.parametrize(
    "told", ["ID=153(vhangup) nativeID=153 ", "ID=0(<unknown>) nativeID=153 ", "ID=0 nativeID=153"]
)
def test_a_call_without_an_event_of_its_own_is_told_by_its_number(told: str) -> None:
    text = f"5 10:31:02.1 0 sh (9) > syscall {told}\n6 10:31:02.2 0 sh (9) < syscall {told}\n"
    assert [(seen.name, seen.times) for seen in read(text).calls] == [("vhangup", 1)]
