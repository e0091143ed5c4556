"""The purposes of system calls."""

import pytest

from runner.profile.calls import syscalls
from runner.profile.calls.groups import KNOWN


def test_every_call_that_libseccomp_knows_has_a_purpose():
    libseccomp = pytest.importorskip("runner.profile.libseccomp")

    if not hasattr(libseccomp, "version"):
        pytest.skip("no libseccomp here")
    known = {name for machine in syscalls.ARCHES for name in syscalls.names(machine)}
    assert not known - set(KNOWN)
