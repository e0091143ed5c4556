"""`runner.profile.calls.kernel_names`: what tools that show the kernel's functions call the calls."""

import pytest

from runner.profile.calls.groups import KNOWN
from runner.profile.calls.kernel_names import CALL_OF_FUNCTION, own_name
from runner.profile.calls.syscalls import arch


def test_every_name_stands_for_a_call() -> None:
    assert {*CALL_OF_FUNCTION.values()} <= {*KNOWN}


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
