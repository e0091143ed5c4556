"""`runner.profile.views.show`: a profile in sections, and what each capability adds."""

import json

from runner.content import PROFILES
from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES
from runner.profile.filter.effective import effective
from runner.profile.model import Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile
from runner.profile.views.show import matrix, sections

DEFAULT = read_profile((PROFILES / "default.json").read_text()).profile


def _rule(name, action="ALLOW", **fields):
    return {"names": [name], "action": f"SCMP_ACT_{action}", **fields}


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
