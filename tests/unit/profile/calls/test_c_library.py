"""`runner.profile.calls.c_library`: the calls behind functions of the C library."""

import pytest

from runner.errors import UsageError
from runner.profile.calls.c_library import CALLS
from runner.profile.calls.groups import KNOWN
from runner.profile.calls.syscalls import arch, find


def test_every_call_of_the_table_exists() -> None:
    assert {call for calls in CALLS.values() for call in calls} <= KNOWN


@pytest.mark.parametrize(
    ("function", "name"),
    [
        ("seteuid", "setresuid"),
        ("fopen", "openat"),
        ("fexecve", "execveat"),
        ("pwrite", "pwrite64"),
        ("prlimit", "prlimit64"),
    ],
)
def test_a_function_in_place_of_a_call_leads_to_its_call(function: str, name: str) -> None:
    with pytest.raises(UsageError, match=name):
        find(function, arch("amd64"))
