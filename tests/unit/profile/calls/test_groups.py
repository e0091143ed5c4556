"""The purposes of system calls."""

import pytest

from runner.content import PROFILES
from runner.profile.calls import syscalls
from runner.profile.calls.groups import GROUP_OF, KNOWN
from runner.profile.source.reader import read_profile


def test_every_call_that_libseccomp_knows_has_a_purpose():
    libseccomp = pytest.importorskip("runner.profile.libseccomp")

    if not hasattr(libseccomp, "version"):
        pytest.skip("no libseccomp here")
    known = {name for machine in syscalls.ARCHES for name in syscalls.names(machine)}
    assert not known - set(KNOWN)


def test_every_known_name_is_one() -> None:
    assert {"read", "socketcall", "fchmodat2"} <= KNOWN


DEFAULT = read_profile((PROFILES / "default.json").read_text()).profile


def test_every_group_of_the_default_profile_matches_its_purpose():
    for rule in DEFAULT.rules:
        purpose = rule.comment.partition(":")[0]
        if not rule.includes.caps and not rule.includes.arches and not rule.args and not rule.excludes.caps:
            assert {GROUP_OF[name].id for name in rule.names} == {purpose}
