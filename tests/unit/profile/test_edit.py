"""Edited and merged profiles decide as the edit says, and nothing else changes."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.content import PROFILES
from runner.profile import edit
from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES
from runner.profile.errors import ProfileError
from runner.profile.filter.effective import effective
from runner.profile.merge import intersection, union
from runner.profile.model import Action, Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile
from runner.profile.source.writer import write_profile
from runner.profile.views.diff import diff
from tools.profiles import built

TARGETS = [
    Target(caps=caps, arch=arch)
    for caps in (DEFAULT_CAPABILITIES, ALL_CAPABILITIES)
    for arch in ("amd64", "s390x")
]
CALLS = ["chmod", "mkdir", "clone", "clone3", "personality", "ptrace", "keyctl"]


@pytest.fixture(scope="module")
def default():
    return read_profile((PROFILES / "default.json").read_text()).profile


def _views(profile):
    # Through the text, so that the test covers what a user gets.
    profile = read_profile(write_profile(profile)).profile
    return [effective(resolve(profile, target)) for target in TARGETS]


def _profile(default_action, *rules):
    return read_profile(
        json.dumps({"defaultAction": f"SCMP_ACT_{default_action}", "syscalls": rules})
    ).profile


def _rule(*names, action="ALLOW", **fields):
    return {"names": list(names), "action": f"SCMP_ACT_{action}", **fields}


def test_the_shipped_profiles_match_their_source():
    for name, content in built().items():
        assert (PROFILES / name).read_text() == content, f"run python tools/profiles.py to renew {name}"


def test_default_no_chmod_is_default_minus_four_calls(default):
    other = read_profile((PROFILES / "default-no-chmod.json").read_text()).profile
    for target in TARGETS:
        found = diff(resolve(default, target), resolve(other, target))
        assert not found.settings
        assert {change.name for change in found.changes} == {"chmod", "fchmod", "fchmodat", "fchmodat2"}
        assert {change.kind.value for change in found.changes} == {"denied"}


@given(st.lists(st.sampled_from(CALLS), max_size=4), st.sampled_from(["allow", "deny", "remove"]))
def test_an_edit_decides_its_calls_and_leaves_the_others(calls, operation):
    before = read_profile((PROFILES / "default.json").read_text()).profile
    after = getattr(edit, operation)(before, calls)
    expected = {"allow": "allow", "deny": "EPERM", "remove": "EPERM"}[operation]
    for old, new in zip(_views(before), _views(after), strict=True):
        assert all(
            new.text(name) == (expected if name in calls else old.text(name)) for name in {*old.calls, *CALLS}
        )


def test_deny_takes_an_errno_and_the_default_changes_apart():
    profile = edit.deny(_profile("ALLOW"), ["chmod"], errno=38)
    assert _views(profile)[0].text("chmod") == "ENOSYS"
    changed = edit.with_default(profile, Action.KILL_PROCESS)
    assert [_views(changed)[0].text(name) for name in ("chmod", "mkdir")] == ["ENOSYS", "kill the process"]


def test_an_empty_profile_has_nothing_to_allow_or_deny():
    with pytest.raises(ProfileError, match="turns seccomp off"):
        edit.deny(read_profile("{}").profile, ["chmod"])


_ARGS = st.none() | st.builds(
    lambda index, value: [{"index": index, "value": value, "op": "SCMP_CMP_EQ"}],
    st.integers(0, 1),
    st.integers(0, 2),
)
_EXCEPTIONS = st.lists(
    st.builds(
        lambda name, caps, args: (name, caps, args),
        st.sampled_from(CALLS),
        st.sampled_from([[], ["CAP_SYS_ADMIN"], ["CAP_CHOWN"]]),
        _ARGS,
    ),
    max_size=5,
)


def _built(is_deny_list, exceptions):
    rules = [
        _rule(name, action="ERRNO" if is_deny_list else "ALLOW", args=args, includes={"caps": caps})
        for name, caps, args in exceptions
    ]
    return _profile("ALLOW" if is_deny_list else "ERRNO", *rules)


def _passes(view, name, values):
    """True if a call with these first two arguments passes."""
    decision = view.calls.get(name)
    if decision is None:
        return view.default.passes
    if decision.always is not None:
        return decision.always.passes
    for case in decision.conditional:
        if all(values[arg.index] == arg.value for arg in case.args):
            return case.effect.passes
    return view.default.passes


@given(st.booleans(), _EXCEPTIONS, _EXCEPTIONS)
def test_merges_pass_what_either_or_both_pass(is_deny_list, ones, twos):
    one, two = _built(is_deny_list, ones), _built(is_deny_list, twos)
    either, both = _views(union(one, two)), _views(intersection(one, two))
    for first, second, wide, narrow in zip(_views(one), _views(two), either, both, strict=True):
        for name in CALLS:
            for values in ((a, b) for a in range(3) for b in range(3)):
                mine, theirs = _passes(first, name, values), _passes(second, name, values)
                assert _passes(wide, name, values) == (mine or theirs)
                assert _passes(narrow, name, values) == (mine and theirs)


ENOSYS = 38
WITHOUT = {"excludes": {"caps": ["CAP_SYS_ADMIN"]}}
WITH = {"includes": {"caps": ["CAP_SYS_ADMIN"]}}


def _texts(profile, name="clone3"):
    """What becomes of the call with the default capabilities, and with all."""
    return [
        effective(
            resolve(read_profile(write_profile(profile)).profile, Target(arch="amd64", caps=caps))
        ).text(name)
        for caps in (DEFAULT_CAPABILITIES, ALL_CAPABILITIES)
    ]


def test_an_errno_of_its_own_stays_beside_an_exception(default):
    reading, cloning = _profile("ERRNO", _rule("read")), _profile("ERRNO", _rule("clone3"))
    for merged in (union(default, reading), union(reading, default), intersection(default, cloning)):
        assert _texts(merged) == ["ENOSYS", "allow"]
    assert _texts(union(default, cloning)) == ["allow", "allow"]
    assert _texts(intersection(default, reading)) == ["ENOSYS", "EPERM"]


@pytest.mark.parametrize("first", [True, False])
def test_an_exception_of_one_profile_meets_an_errno_of_the_other(first):
    def merged(merge, one, two):
        return _texts(merge(one, two) if first else merge(two, one))

    denied = _profile("ERRNO", _rule("clone3", "a", action="ERRNO", errnoRet=ENOSYS))
    partly = _profile("ERRNO", _rule("clone3", **WITH))
    some = _profile("ERRNO", _rule("clone3", args=[{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}], **WITH))
    assert merged(union, denied, partly) == ["ENOSYS", "allow"]
    assert merged(intersection, denied, partly) == ["ENOSYS", "ENOSYS"]
    assert merged(union, denied, some) == ["ENOSYS", "allow if arg0 == 1; else EPERM"]


def test_a_rule_that_another_hides_is_not_brought_back_by_a_merge():
    late = _profile("ERRNO", _rule("clone3", action="ERRNO", errnoRet=ENOSYS, **WITHOUT), _rule("clone3"))
    never = _profile(
        "ERRNO",
        _rule("clone3", args=[{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]),
        _rule("clone3", action="ERRNO", errnoRet=ENOSYS),
    )
    other = _profile("ERRNO", _rule("read"))
    assert _texts(late) == _texts(union(late, other)) == ["ENOSYS", "allow"]
    assert _texts(never) == _texts(union(never, other)) == ["ENOSYS", "ENOSYS"]


def test_a_call_that_a_deny_list_logs_is_still_logged():
    logged = _profile("ALLOW", _rule("chmod", action="LOG"))
    denied = _profile("ALLOW", _rule("mkdir", action="ERRNO"))
    assert _texts(intersection(logged, denied), "chmod") == ["log and allow"] * 2


def test_a_profile_merged_with_itself_stays_as_it_is(default):
    for merge in (union, intersection):
        merged = merge(default, default)
        assert all(not diff(resolve(default, target), resolve(merged, target)) for target in TARGETS)


@pytest.mark.parametrize(
    ("merge", "denied", "step"),
    [
        (union, ["chmod", "uselib"], "the list of denied calls, edited with --allow chmod"),
        (union, ["uselib"], "the list of denied calls alone is the result"),
        (intersection, ["chmod", "uselib"], "the list of allowed calls, edited with --deny chmod"),
        (intersection, ["uselib"], "the list of allowed calls alone is the result"),
        (union, ["clone"], "edited with --allow clone (there are conditions on clone,"),
    ],
)
def test_lists_of_allowed_and_denied_calls_do_not_merge(default, merge, denied, step):
    denying = _profile("ALLOW", _rule(*denied, action="ERRNO"))
    for one, two in ((default, denying), (denying, default)):
        with pytest.raises(ProfileError, match="cannot be merged") as caught:
            merge(one, two)
        assert step in caught.value.remedy


def test_a_merged_profile_names_no_call_twice_for_the_same_thing():
    """A comment alone makes no other rule."""
    one, two = (
        _profile("ERRNO", _rule("chmod", "read", comment=words), _rule("mkdir", comment=words))
        for words in ("mine", "theirs")
    )
    for merge in (union, intersection):
        names = [name for rule in merge(one, two).rules for name in rule.names]
        assert sorted(names) == ["chmod", "mkdir", "read"]


def test_conditions_that_one_rule_cannot_express_are_refused():
    ranges = [
        _profile("ERRNO", _rule("ioctl", args=[{"index": 1, "value": 5, "op": f"SCMP_CMP_{op}"}]))
        for op in ("GT", "NE")
    ]
    with pytest.raises(ProfileError, match="ioctl cannot be expressed"):
        intersection(*ranges)


def _asking(*rules, listener="/run/a.sock"):
    text = write_profile(_profile("ERRNO", *rules))
    return read_profile(text.replace("{", f'{{"listenerPath": "{listener}",', 1)).profile


@pytest.mark.parametrize("action", ["NOTIFY", "TRACE"])
def test_what_one_profile_denies_no_other_program_decides_on_after_an_intersection(action):
    asks, denies = _asking(_rule("mount", action=action)), _profile("ERRNO", _rule("read"))
    outright = _profile("ALLOW", _rule("mount", action="ERRNO"))
    open_to_all = _profile("ALLOW", _rule("mount", action=action))
    for one, two in ((asks, denies), (outright, open_to_all)):
        assert _texts(intersection(one, two), "mount") == ["EPERM"] * 2
        assert _texts(intersection(two, one), "mount") == ["EPERM"] * 2
    allows = _profile("ERRNO", _rule("mount"))
    assert _texts(intersection(asks, allows), "mount") == _texts(asks, "mount")


def test_a_merge_keeps_the_listener_and_the_flags_of_both():
    asks = _asking(_rule("mount", action="NOTIFY"))
    logs = replace(_profile("ERRNO", _rule("read")), flags=("SECCOMP_FILTER_FLAG_LOG",))
    for merge in (union, intersection):
        for one, two in ((asks, logs), (logs, asks)):
            merged = merge(one, two)
            assert merged.listener_path == "/run/a.sock"
            assert merged.flags == ("SECCOMP_FILTER_FLAG_LOG",)


def test_two_listeners_do_not_merge():
    one = _asking(_rule("mount", action="NOTIFY"))
    with pytest.raises(ProfileError, match="two listeners"):
        union(one, _asking(_rule("mount", action="NOTIFY"), listener="/run/b.sock"))


def test_a_listener_is_not_told_two_things():
    one = _asking(_rule("mount", action="NOTIFY"))
    told, otherwise = (replace(one, listener_metadata=text) for text in ("a", "b"))
    for merge in (union, intersection):
        with pytest.raises(ProfileError, match="two things, 'a' and 'b'"):
            merge(told, otherwise)
        assert merge(told, told).listener_metadata == "a"
        assert merge(_profile("ERRNO"), told).listener_metadata == "a"


def test_an_intersection_keeps_a_flag_that_loosens_only_if_both_have_it():
    spec, log = "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_LOG"
    loose, firm = (replace(_profile("ERRNO", _rule("read")), flags=flags) for flags in ((spec, log), (log,)))
    assert intersection(loose, firm).flags == intersection(firm, loose).flags == (log,)
    assert intersection(loose, loose).flags == union(loose, firm).flags == (spec, log)
