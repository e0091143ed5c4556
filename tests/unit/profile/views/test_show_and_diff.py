"""`runner.profile.views`: what `show` and `diff` say of profiles."""

import json

from runner.content import PROFILES
from runner.profile.calls.groups import GROUP_OF, KNOWN
from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES
from runner.profile.filter.effective import effective
from runner.profile.model import Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile
from runner.profile.views.diff import Kind, diff
from runner.profile.views.show import matrix, sections

DEFAULT = read_profile((PROFILES / "default.json").read_text()).profile


def _oci(default, *rules, **fields):
    text = json.dumps({"defaultAction": f"SCMP_ACT_{default}", "syscalls": rules, **fields})
    return resolve(read_profile(text).profile, Target())


def _rule(name, action="ALLOW", **fields):
    return {"names": [name], "action": f"SCMP_ACT_{action}", **fields}


def _arg(value, op="EQ", index=0):
    return {"index": index, "value": value, "op": f"SCMP_CMP_{op}"}


def _sections(caps):
    return {section.group.id: section for section in sections(effective(resolve(DEFAULT, Target(caps=caps))))}


def test_sections_spell_conditions_out_for_the_capabilities():
    without, with_all = _sections(DEFAULT_CAPABILITIES), _sections(ALL_CAPABILITIES)
    assert dict(without["processes"].special) == {
        "clone": "allow if (arg0 & 0x7e020000) == 0; else EPERM",
        "clone3": "ENOSYS",
    }
    assert not with_all["processes"].special
    assert "mount" in with_all["mounts"].plain
    assert "mounts" not in without


def test_sections_hold_every_call_that_rules_decide_once():
    view = effective(resolve(DEFAULT, Target(caps=ALL_CAPABILITIES)))
    shown = [
        name
        for section in sections(view)
        for name in (*section.plain, *(special for special, _ in section.special))
    ]
    assert sorted(shown) == sorted(view.calls)


def test_matrix_lists_what_each_capability_adds():
    gains = {gain.caps: dict(gain.calls) for gain in matrix(DEFAULT, Target())}
    assert gains[("CAP_SYS_CHROOT",)] == {"chroot": "allow"}
    assert gains[("CAP_SYS_ADMIN",)]["unshare"] == "allow"
    assert "ptrace" not in gains[("CAP_SYS_PTRACE",)]
    assert (
        "ptrace"
        in {gain.caps: dict(gain.calls) for gain in matrix(DEFAULT, Target(kernel=(4, 7)))}[
            ("CAP_SYS_PTRACE",)
        ]
    )


def test_matrix_lists_sets_that_one_rule_asks_for_together():
    text = json.dumps(
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "syscalls": [_rule("bpf", includes={"caps": ["CAP_BPF", "CAP_PERFMON"]})],
        }
    )
    (gain,) = matrix(read_profile(text).profile, Target())
    assert (gain.caps, gain.calls) == (("CAP_BPF", "CAP_PERFMON"), (("bpf", "allow"),))


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
        "chmod": Kind.DENIED,
        "mkdir": Kind.ALLOWED,
        "socket": Kind.ARGUMENTS,
        "clone3": Kind.OUTCOME,
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
    assert {change.name for change in found.changes} == KNOWN - {"chmod"}
    assert [(setting.name, setting.before, setting.after) for setting in found.settings] == [
        ("default", "EPERM", "allow")
    ]


def test_no_seccomp_differs_from_a_profile_that_allows_all_in_the_setting_alone():
    found = diff(None, _oci("ALLOW"))
    assert [setting.name for setting in found.settings] == ["default"]
    assert not found.changes


def test_architectures_are_compared_as_sets():
    one = _oci("ALLOW", architectures=["SCMP_ARCH_X86", "SCMP_ARCH_X32"])
    two = _oci("ALLOW", architectures=["SCMP_ARCH_X32", "SCMP_ARCH_X86"])
    assert not diff(one, two)
    assert [setting.name for setting in diff(one, _oci("ALLOW")).settings] == ["architectures"]


def test_every_group_of_the_default_profile_holds_what_its_purpose_says():
    for rule in DEFAULT.rules:
        purpose = rule.comment.partition(":")[0]
        if not rule.includes.caps and not rule.includes.arches and not rule.args and not rule.excludes.caps:
            assert {GROUP_OF[name].id for name in rule.names} == {purpose}
