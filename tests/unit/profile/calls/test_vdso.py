"""`runner.profile.calls.vdso`: calls that programs seldom make, since the vDSO answers them."""

import pytest

from runner.profile.calls.argument_counts import argument_count
from runner.profile.calls.call import parse_call
from runner.profile.calls.syscalls import ARCHES, arch, own_number
from runner.profile.calls.vdso import VDSO, is_answered, random_numbers


def test_every_call_of_the_table_is_one_of_its_machine() -> None:
    assert {*VDSO} <= {machine.go for machine in ARCHES}
    # An older libseccomp does not know all machines.
    known = {go: calls for go, calls in VDSO.items() if own_number("read", arch(go)) is not None}
    assert {"amd64", "arm64", "s390x"} <= {*known}
    for go, calls in known.items():
        for call in calls:
            assert own_number(call, arch(go)) is not None, (go, call)
            assert argument_count(call, arch(go))


@pytest.mark.parametrize(
    ("machine", "call", "answered"),
    [
        *(("amd64", "clock_gettime", True), ("amd64", "getcpu", True), ("amd64", "time", True)),
        *(("386", "clock_gettime64", True), ("386", "getcpu", False), ("x32", "time", True)),
        *(("arm64", "getcpu", False), ("s390x", "getcpu", True), ("mips64le", "gettimeofday", True)),
        *(("amd64", "clock_settime", False), ("amd64", "clock_nanosleep", False), ("s390", "getcpu", False)),
    ],
)
def test_machines_differ(machine: str, call: str, answered: bool) -> None:
    assert is_answered(parse_call([call], machine)) == answered


@pytest.mark.parametrize(
    ("clock", "answered"),
    [
        *(("CLOCK_REALTIME", True), ("CLOCK_MONOTONIC", True), ("CLOCK_BOOTTIME", True), ("11", True)),
        *(("CLOCK_PROCESS_CPUTIME_ID", False), ("CLOCK_THREAD_CPUTIME_ID", False), ("-6", False)),
    ],
)
def test_a_clock_of_a_process_is_asked_by_a_call(clock: str, answered: bool) -> None:
    call = parse_call(["clock_gettime", clock])
    assert is_answered(call) == answered
    assert is_answered(call, (0,))


@pytest.mark.parametrize(
    ("machine", "kernel"),
    [("amd64", "6.11"), ("arm64", "6.12"), ("s390x", "6.12"), ("riscv64", "6.16"), ("386", ""), ("x32", "")],
)
def test_random_numbers_come_of_the_vdso_with_young_kernels(machine: str, kernel: str) -> None:
    call = parse_call(["getrandom"], machine)
    assert (random_numbers(call) or ("",))[0] == kernel
    assert random_numbers(parse_call(["read"], machine)) is None
    # The vDSO needs the call itself, so that a filter which denies it does deny the numbers.
    assert not is_answered(call)
