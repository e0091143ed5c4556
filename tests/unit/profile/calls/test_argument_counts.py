"""`runner.profile.calls.argument_counts`, beside the tables of strace, which were made by others from other sources."""

from pathlib import Path

import pytest

from runner.profile.calls.argument_counts import argument_count
from runner.profile.calls.groups import KNOWN
from runner.profile.calls.signatures import INT_ARGUMENTS, POINTERS
from runner.profile.calls.syscalls import ARCHES, arch, own_number
from runner.profile.history.defaults import default_text
from runner.profile.source.reader import read_profile
from runner.profile.version import Version

MACHINES = [machine.go for machine in ARCHES]
NOT_THERE = {
    # Machines that have a number for the call, and nothing behind it.
    *(("modify_ldt", machine) for machine in ("mips", "mipsle", "ppc", "ppc64", "ppc64le")),
    *(("select", machine) for machine in ("ppc64", "ppc64le")),
    *(("sigsuspend", machine) for machine in ("ppc64", "ppc64le")),
    *(("vm86", machine) for machine in ("mips", "mipsle", "ppc", "ppc64", "ppc64le")),
    *(("sys_debug_setcontext", machine) for machine in ("ppc64", "ppc64le")),
}
STRUCTURES = {("fadvise64_64", "s390")}
"""Calls whose arguments are in memory, which strace prints one by one."""
OTHERWISE = {"preadv": 4, "pwritev": 4, "swapcontext": 2, "sys_debug_setcontext": 5, "vm86": 5}
"""What strace does not count as the kernel does: the upper half of an offset, and calls that it prints in general."""


def strace_counts() -> dict[tuple[str, str], int]:
    """By call and machine, the number of arguments that strace prints."""
    found = {}
    for line in (Path(__file__).parent / "strace_arguments.txt").read_text().splitlines():
        key, _, calls = line.partition(":")
        *machines, number = key.split()
        found.update(
            {(call, machine): int(number) for call in calls.split() for machine in machines or MACHINES}
        )
    return found


def test_the_counts_are_straces() -> None:
    strace, compared = strace_counts(), 0
    for (call, go), number in strace.items():
        machine = arch(go)
        if own_number(call, machine) is None or (call, go) in NOT_THERE | STRUCTURES:
            continue
        compared += 1
        own = argument_count(call, machine)
        assert own == number or OTHERWISE.get(call) == number, (call, go, own, number)
    assert compared > 6000


def test_every_count_is_of_a_call() -> None:
    named = {call for call, _ in strace_counts()}
    assert all(argument_count(call, arch("amd64")) is not None for call in named)
    assert len(named & KNOWN) > 400


@pytest.mark.parametrize("table", [POINTERS, INT_ARGUMENTS], ids=["pointers", "ints"])
def test_no_call_has_an_argument_that_another_table_knows_and_that_it_lacks(table) -> None:
    for call, indices in table.items():
        most = max(argument_count(call, machine) or 0 for machine in ARCHES)
        assert max(indices) < most, call


@pytest.mark.parametrize("engine", ["1.13", "17.03", "19.03", "20.10", "23.0", "27.0", "29.0"])
def test_no_default_profile_of_docker_tests_an_argument_that_is_not_there(engine: str) -> None:
    profile = read_profile(default_text(Version.of(engine))).profile
    for rule in profile.rules:
        for condition in rule.args:
            for call in rule.names:
                count = argument_count(call, arch("amd64"))
                assert count is not None
                assert condition.index < count


@pytest.mark.parametrize(
    ("call", "machine", "count"),
    [
        *(("getpid", "amd64", 0), ("close", "amd64", 1), ("openat2", "amd64", 4), ("prctl", "amd64", 5)),
        *(("clone", "s390x", 5), ("socketcall", "386", 2), ("ipc", "s390x", 5), ("ipc", "386", 6)),
        *(("mmap", "amd64", 6), ("mmap", "s390x", 1), ("mmap", "386", 1), ("mmap2", "386", 6)),
        *(("pread64", "amd64", 4), ("pread64", "386", 5), ("pread64", "arm", 6), ("pipe", "mips", 0)),
        *(("open", "amd64", 3), ("ioctl", "amd64", 3), ("fcntl", "amd64", 3), ("file_getattr", "amd64", 5)),
    ],
)
def test_calls_differ_by_machines(call: str, machine: str, count: int) -> None:
    assert argument_count(call, arch(machine)) == count


def test_of_others_nothing_is_said() -> None:
    assert argument_count("afs_syscall", arch("amd64")) is None
    assert argument_count("no_such_call", arch("amd64")) is None
