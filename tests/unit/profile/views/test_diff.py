"""`runner.profile.views.diff`: two profiles compared by their decisions."""

import json

from runner.profile.calls.groups import KNOWN
from runner.profile.model import Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile
from runner.profile.views.diff import ChangeKind, diff


def _oci(default, *rules, **fields):
    text = json.dumps({"defaultAction": f"SCMP_ACT_{default}", "syscalls": rules, **fields})
    return resolve(read_profile(text).profile, Target())


def _rule(name, action="ALLOW", **fields):
    return {"names": [name], "action": f"SCMP_ACT_{action}", **fields}


def _arg(value, op="EQ", index=0):
    return {"index": index, "value": value, "op": f"SCMP_CMP_{op}"}


def _kinds(before, after):
    return {change.name: change.kind for change in diff(before, after).changes}


def test_diff_tells_the_kinds_of_change_apart():
    before = _oci(
        "ERRNO", _rule("chmod"), _rule("socket", args=[_arg(1)]), _rule("clone3", "ERRNO", errnoRet=38)
    )
    after = _oci(
        "ERRNO", _rule("mkdir"), _rule("socket", args=[_arg(2)]), _rule("clone3", "ERRNO", errnoRet=95)
    )
    assert _kinds(before, after) == {
        "chmod": ChangeKind.DENIED,
        "mkdir": ChangeKind.ALLOWED,
        "socket": ChangeKind.ARGUMENTS,
        "clone3": ChangeKind.OUTCOME,
    }


def test_diff_is_of_meaning_not_of_text():
    before = _oci(
        "ERRNO",
        _rule("read"),
        _rule("write"),
        _rule("socket", args=[_arg(1)]),
        _rule("socket", args=[_arg(2)]),
    )
    after = _oci(
        "ERRNO",
        _rule("socket", args=[_arg(2)]),
        {"names": ["write", "read", "read"], "action": "SCMP_ACT_ALLOW", "comment": "c"},
        _rule("socket", args=[_arg(1)]),
        _rule("chmod", "ERRNO", errnoRet=1),
    )
    assert not diff(before, after)


def test_diff_compares_all_known_calls_when_the_defaults_differ():
    found = diff(_oci("ERRNO"), _oci("ALLOW", _rule("chmod", "ERRNO")))
    changed = {change.name for change in found.changes}
    assert changed < KNOWN - {"chmod"}
    assert {"read", "mount"} < changed
    assert not changed & {"arm_fadvise64_64", "breakpoint", "cachectl", "chown32", "socketcall"}
    assert [(setting.name, setting.before, setting.after) for setting in found.settings] == [
        ("default", "EPERM", "allow")
    ]


def test_calls_of_architectures_that_are_not_filtered_are_left_out():
    names = ("arm_fadvise64_64", "cachectl", "chown32", "accept4", "brand_new_call")
    rules = [_rule(name) for name in names]
    assert set(_kinds(_oci("ERRNO"), _oci("ERRNO", *rules))) == {"accept4", "brand_new_call"}
    with_386 = _oci("ERRNO", *rules, architectures=["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"])
    assert set(_kinds(_oci("ERRNO"), with_386)) == {"chown32", "accept4", "brand_new_call"}
    assert {change.name for change in diff(_oci("ERRNO"), _oci("ERRNO", *rules), "arm").changes} > {"chown32"}


def test_no_seccomp_differs_from_a_profile_that_allows_all_in_the_setting_alone():
    found = diff(None, _oci("ALLOW"))
    assert [setting.name for setting in found.settings] == ["default"]
    assert not found.changes


def test_architectures_are_compared_as_sets():
    one = _oci("ALLOW", architectures=["SCMP_ARCH_X86", "SCMP_ARCH_X32"])
    two = _oci("ALLOW", architectures=["SCMP_ARCH_X32", "SCMP_ARCH_X86"])
    assert not diff(one, two)
    assert [setting.name for setting in diff(one, _oci("ALLOW")).settings] == ["architectures"]
