"""`runner.profile.calls.kernel_names`: what tools that show the kernel's functions call the calls."""

import pytest

from runner.profile.calls.groups import KNOWN
from runner.profile.calls.kernel_names import FUNCTIONS, own_name
from runner.profile.calls.syscalls import arch
from runner.profile.evidence import read_evidence
from runner.profile.importers.names import import_names

PERF = "12.3 ( 0.1 ms): x/5 {}(name: 0x7f, flags: 0) = -1 EPERM (Operation not permitted)"
RECORD = "type=SECCOMP msg=audit(1.1:1): arch={} syscall=umount code=0x50000"


def test_every_name_stands_for_a_call() -> None:
    assert {*FUNCTIONS.values()} <= {*KNOWN}


@pytest.mark.parametrize(
    ("name", "machine", "own"),
    [
        ("umount", "amd64", "umount2"),
        ("umount", "arm64", "umount2"),
        ("umount", "386", "umount"),
        ("sendfile64", "amd64", "sendfile"),
        ("sendfile64", "arm", "sendfile64"),
        ("newuname", "amd64", "uname"),
        ("vm86old", "amd64", "vm86old"),
    ],
)
def test_a_name_is_another_calls_where_the_machine_has_none_of_it(name: str, machine: str, own: str) -> None:
    assert own_name(name, arch(machine)) == own


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


def test_a_list_with_a_tool_s_name_allows_what_the_tool_means() -> None:
    imported = import_names("read\numount\n")
    assert imported.profile.rules[0].names == ("read", "umount", "umount2")
    assert imported.notes == (
        "line 2: amd64 has no umount, and a tool that names one there means umount2, which is allowed too",
    )
    assert import_names("umount\numount2\n").notes == ()
