"""`runner.profile.calls.meant`: the call behind a name that no call has."""

import pytest

from runner.profile.calls.meant import did_you_mean_call, meant


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("pread", "pread64"),
        ("pwrite", "pwrite64"),
        ("fstatat", "newfstatat"),
        ("newstat", "stat"),
        ("newuname", "uname"),
        ("open64", "open"),
        ("lseek64", "lseek"),
        ("sleep", "clock_nanosleep"),
        ("popen", "clone"),
        ("exec", "execve"),
        ("ptrase", "ptrace"),
        ("qqqqq", ""),
    ],
)
def test_a_function_and_a_slip_lead_to_a_call(name: str, call: str) -> None:
    assert meant(name) == call
    assert did_you_mean_call(name) == (f" (did you mean {call}?)" if call else "")
