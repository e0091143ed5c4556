"""Arguments of system calls as people write them."""

import pytest

from runner.errors import UsageError
from runner.profile.calls.constants import argument, number
from runner.profile.calls.syscalls import arch


@pytest.mark.parametrize("digits", [20, 5000])
def test_a_number_that_is_too_large_is_refused_however_long_it_is(digits):
    with pytest.raises(UsageError, match="does not fit into 64 bits"):
        argument("9" * digits, arch("amd64"))


@pytest.mark.parametrize("prefix", ["0x", "0b", "0o", "0"])
def test_a_number_counts_whole_however_many_zeros_it_begins_with(prefix: str) -> None:
    assert number(f"{prefix}{'0' * 5000}1") == 1
