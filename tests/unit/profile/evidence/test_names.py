"""`runner.profile.evidence.names`: the calls that the words of a log mean."""

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.evidence import read_evidence
from tests.unit.profile.evidence.reading import counts, read

PERF = "12.3 ( 0.1 ms): x/5 {}(name: 0x7f, flags: 0) = -1 EPERM (Operation not permitted)"
RECORD = "type=SECCOMP msg=audit(1.1:1): arch={} syscall=umount code=0x50000"


@pytest.mark.parametrize(
    ("line", "machine", "call"),
    [
        (PERF.format("umount"), "amd64", "umount2"),
        (PERF.format("umount"), "386", "umount"),
        (PERF.format("newlstat"), "amd64", "lstat"),
        ("5 12:00:00.1 0 umount (5) < umount res=-1(EPERM)", "amd64", "umount2"),
        ("5 12:00:00.1 0 x (5) < pread res=-1(EPERM)", "amd64", "pread64"),
        (RECORD.format("x86_64"), "amd64", "umount2"),
        (RECORD.format("i386"), "amd64", "umount"),
        ('umount("/a, b", 0) = -1 EPERM (x)', "amd64", "umount2"),
        ('umount(&name: "/a", flags: 0) = -1 EPERM (x)', "amd64", "umount2"),
        ('umount("/a, b") = -1 EPERM (x)', "amd64", "umount"),
        ('umount("/a", 0) = -1 EPERM (x)', "386", "umount"),
        ('__x64_sys_umount("/a") = -1 EPERM (x)', "amd64", "umount2"),
        ('__ia32_sys_oldumount("/a") = -1 EPERM (x)', "386", "umount"),
    ],
)
def test_a_tool_s_name_is_judged_as_the_machine_s_call(line: str, machine: str, call: str) -> None:
    evidence = read_evidence(line, arch(machine))
    assert [seen.name for seen in evidence.calls] == [call]


@pytest.mark.parametrize(
    "lines",
    [
        ('umount("/a") = 0', 'umount("/b", 0) = 0'),
        ('umount("/b", 0) = 0', 'umount("/a") = 0'),
        ('umount("/a")     = 0', '{"MESSAGE": "umount(\\"/b\\", 0) = 0"}'),
        ('{"MESSAGE": "umount(\\"/b\\", 0) = 0"}', '{"MESSAGE": "umount(\\"/a\\") = 0"}'),
    ],
)
def test_what_a_name_means_is_read_from_each_line(lines: tuple[str, ...]) -> None:
    assert counts("\n".join(lines)) == {"umount": 1, "umount2": 1}
    assert counts("\n".join(lines * 3)) == {"umount": 3, "umount2": 3}


@pytest.mark.parametrize(
    ("first", "rest", "call"),
    [
        ('7 umount("/b", 0 <unfinished ...>', "7 <... umount resumed>) = -1 EPERM (x)", "umount2"),
        ('umount("/b", 0 <unfinished ...>', "[pid 7] <... umount resumed>) = -1 EPERM (x)", "umount2"),
        ('7 umount("/b" <unfinished ...>', "7 <... umount resumed>) = -1 EPERM (x)", "umount"),
        ("", "7 <... umount resumed>) = -1 EPERM (x)", "umount"),
    ],
)
def test_the_line_that_resumes_a_call_means_what_began(first: str, rest: str, call: str) -> None:
    evidence, seen = read(f"{first}\n8 read(3) = 0\n{rest}\n")
    assert {each.name: each.times for each in evidence.calls} == {call: 1, "read": 1}
    assert [(each.name, each.errno) for each in seen if each.name != "read"] == [(call, "EPERM")]
