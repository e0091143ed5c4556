"""`runner.profile.holders.operator`: profiles as manifests of the Security Profiles Operator hold them."""

import pytest

from runner.profile.docker_conditions import CONTAINERD
from runner.profile.holders import Held, find_profiles
from runner.profile.source.reader import read_profile

MANIFEST = """\
kind: SeccompProfile
metadata: {name: x}
spec:
  defaultAction: SCMP_ACT_ERRNO
%s
"""


def only(spec: str) -> Held:
    (held,) = find_profiles(MANIFEST % spec).profiles
    return held


@pytest.mark.parametrize(("written", "errno"), [('"13"', 13), ("13", 13), ('"0"', 0)])
def test_an_errno_is_a_number_in_a_string_or_not(written: str, errno: int) -> None:
    held = only(f"  syscalls: [{{names: [chmod], action: SCMP_ACT_ERRNO, errnoRet: {written}}}]")
    assert held.part is not None
    (rule,) = read_profile(held.part.text, held.part.places).profile.rules
    assert (rule.errno, rule.at.line) == (errno, 5)


def test_a_word_for_an_errno_stays_as_it_is() -> None:
    held = only("  syscalls: [{names: [chmod], action: SCMP_ACT_ERRNO, errnoRet: EPERM}]")
    assert held.part is not None
    assert '"EPERM"' in held.part.text


@pytest.mark.parametrize("member", ["disabled: true", "targetWorkload: web"])
def test_what_is_the_operators_alone_is_left_out_and_told(member: str) -> None:
    held = only(f"  {member}")
    key = member.partition(":")[0]
    assert held.part is not None
    assert key not in held.part.text
    assert held.lost == (f"the manifest's {key!r} is not part of a profile",)
    assert (held.form, held.reader, held.base) == ("operator", CONTAINERD, "")


def test_a_base_is_told_and_left_out() -> None:
    held = only("  baseProfileName: runc")
    assert held.part is not None
    assert "runc" not in held.part.text
    assert held.base == "runc"
    assert held.lost == ("the rules of its base profile 'runc' are not in the file",)
