"""Arguments of system calls as people write them."""

import pytest

from runner.errors import UsageError
from runner.profile.calls.constants import argument
from runner.profile.calls.syscalls import arch


@pytest.mark.parametrize("digits", [20, 5000])
def test_a_number_that_is_too_large_is_refused_however_long_it_is(digits):
    with pytest.raises(UsageError, match="does not fit into 64 bits"):
        argument("9" * digits, arch("amd64"))
