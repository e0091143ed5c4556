"""Profiles in manifests."""

import itertools

import pytest

from runner.errors import UsageError
from runner.profile.importers import import_profile
from tests.unit.profile.importers.results import allowed, verdict


def test_an_operators_manifest_with_errnos_as_text() -> None:
    text = """\
apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata: {name: p}
spec:
  baseProfileName: runc
  defaultAction: SCMP_ACT_ERRNO
  syscalls:
    - {action: SCMP_ACT_ALLOW, names: [read]}
    - {action: SCMP_ACT_ERRNO, names: [chmod], errnoRet: "13"}
"""
    imported = import_profile(text)
    assert verdict(imported.profile, "chmod") == "EACCES"
    assert any("runc" in note for note in imported.notes)


def test_aliases_in_a_manifest_that_would_expand_without_end_are_refused() -> None:
    lines = ["kind: SeccompProfile", "a: &a [x,x,x,x,x,x,x,x,x]"]
    names = "abcdefghijklm"
    lines += [f"{new}: &{new} [{','.join(['*' + old] * 9)}]" for old, new in itertools.pairwise(names)]
    lines.append("spec: {defaultAction: SCMP_ACT_ALLOW, syscalls: *m}")
    with pytest.raises(UsageError, match="expands to more"):
        import_profile("\n".join(lines), "operator")


def test_an_alias_in_a_manifest_stands_for_its_value() -> None:
    text = (
        "x: &names [read, write]\nkind: SeccompProfile\nmetadata: {name: p}\n"
        "spec: {defaultAction: SCMP_ACT_ERRNO, syscalls: [{names: *names, action: SCMP_ACT_ALLOW}]}\n"
    )
    assert allowed(import_profile(text).profile) == {"read", "write"}
