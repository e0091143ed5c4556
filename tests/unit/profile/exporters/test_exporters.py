"""`runner.profile.exporters`: a round trip keeps the decisions, and every loss is reported."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.errors import UsageError
from runner.profile.calls.syscalls import AMD64_TOKEN, arch, find
from runner.profile.errors import ProfileError
from runner.profile.exporters import (
    compact,
    export_kubernetes,
    export_operator,
    export_pod,
    export_systemd,
    one_rule_per_call,
)
from runner.profile.filter.simulate import Filter, compile_filter
from runner.profile.importers import import_profile
from runner.profile.importers.imported import profile as make_profile
from runner.profile.importers.imported import rule
from runner.profile.importers.systemd import IMPLICIT
from runner.profile.model import Action, Arg, OciSeccomp, Operator, Profile, Target
from runner.profile.resolve import resolve
from runner.profile.source.oci import oci_json
from runner.profile.source.reader import read_profile
from runner.profile.source.writer import write_profile

NAMES = ("read", "write", "chmod", "fchmod", "clone", "clone3", "socket", "ptrace", "kexec_load", "mount")
VALUES = (0, 1, 2, 0o777, 0xFFFFFFFF, 0x100000000, 0x1000001FF, 2**64 - 1)
AMD64 = arch("amd64")

args = st.builds(
    Arg, st.integers(0, 2), st.sampled_from(VALUES), st.sampled_from(list(Operator)), st.sampled_from(VALUES)
)
actions = st.sampled_from(
    [
        (Action.ALLOW, None),
        (Action.ERRNO, None),
        (Action.ERRNO, 38),
        (Action.KILL_PROCESS, None),
        (Action.LOG, None),
    ]
)
rules = st.builds(
    lambda names, action, conditions: rule(names, action[0], errno=action[1], args=tuple(conditions)),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),
    actions,
    st.lists(args, max_size=2),
)
profiles = st.builds(
    lambda action, found: make_profile(action[0], found, errno=action[1]),
    actions,
    st.lists(rules, max_size=6),
)
plain_profiles = st.builds(
    lambda found: make_profile(Action.ERRNO, found, errno=1),
    st.lists(
        st.builds(
            lambda names, action: rule(names, action[0], errno=action[1]),
            st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),
            st.sampled_from([(Action.ALLOW, None), (Action.ERRNO, 38), (Action.KILL_PROCESS, None)]),
        ),
        max_size=6,
    ),
)
QUIET = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def resolved(profile: Profile) -> OciSeccomp:
    oci = resolve(profile, Target())
    assert oci is not None
    return oci


def compiled(profile: Profile) -> Filter | None:
    """The profile's filter, None if libseccomp refuses the rules."""
    try:
        return compile_filter(resolved(profile), AMD64)
    except ProfileError:
        return None


def same_decisions(first: Filter, second: Filter, *, names: Sequence[str] = NAMES) -> None:
    for name in (*names, "getpid", "openat2"):
        number = find(name, AMD64).number
        for value in VALUES:
            for values in ((value, 0, 0, 0, 0, 0), (0, value, 1, 0, 0, 0), (value, value, value, 0, 0, 0)):
                assert first.returns(AMD64_TOKEN, number, values) == second.returns(
                    AMD64_TOKEN, number, values
                ), (
                    name,
                    values,
                )


@QUIET
@given(profile=profiles)
def test_dockers_json_compact_or_not_means_the_same(profile: Profile) -> None:
    before = compiled(profile)
    if before is None:
        return
    for arranged in (compact(profile), one_rule_per_call(profile)):
        after = compiled(read_profile(write_profile(arranged)).profile)
        assert after is not None
        same_decisions(before, after)


@QUIET
@given(profile=profiles)
def test_ocis_json_comes_back_as_the_same_profile(profile: Profile) -> None:
    before = compiled(profile)
    after = compiled(import_profile(json.dumps(oci_json(resolved(profile))), "oci").profile)
    assert (before is None) == (after is None)
    if before and after:
        same_decisions(before, after)


@QUIET
@given(profile=profiles)
def test_an_operators_manifest_comes_back_as_the_same_profile(profile: Profile) -> None:
    exported = export_operator(resolved(profile), "demo")
    assert bool(exported.lost) == (profile.default_errno not in (None, 1))
    if exported.lost:
        return
    before = compiled(profile)
    after = compiled(import_profile(exported.text).profile)
    assert (before is None) == (after is None)
    if before and after:
        same_decisions(before, after)


@QUIET
@given(profile=plain_profiles)
def test_systemds_settings_come_back_as_the_same_profile(profile: Profile) -> None:
    """If a profile has only names and errnos, nothing is lost but denials of calls that systemd always allows."""
    exported = export_systemd(resolved(profile))
    assert all("always allows" in reason for reason in exported.lost)
    before, after = compiled(profile), compiled(import_profile(exported.text, "systemd").profile)
    if before is None:
        return
    assert after
    highest = max((find(name, AMD64).number for r in profile.rules for name in r.names), default=0)
    comparable = [name for name in NAMES if find(name, AMD64).number <= highest]
    for name in comparable:
        number = find(name, AMD64).number
        assert before.returns(AMD64_TOKEN, number, (0,) * 6) == after.returns(
            AMD64_TOKEN, number, (0,) * 6
        ), name


def test_systemd_says_that_conditions_are_lost_and_denies() -> None:
    conditional = rule(["chmod"], Action.ALLOW, args=(Arg(1, 0o777, Operator.NE),))
    exported = export_systemd(
        resolved(make_profile(Action.ERRNO, [rule(IMPLICIT, Action.ALLOW), conditional]))
    )
    assert exported.lost == ("the conditions of syscalls[1] on chmod: denied whatever its arguments",)
    assert "chmod" not in exported.text


def test_systemd_denies_what_a_permissive_profile_denies_under_conditions() -> None:
    conditional = rule(["chmod"], Action.ERRNO, errno=13, args=(Arg(1, 0o777, Operator.EQ),))
    exported = export_systemd(resolved(make_profile(Action.ALLOW, [conditional])))
    assert "SystemCallFilter=~chmod:EACCES" in exported.text
    assert len(exported.lost) == 1


EPERM_CHMOD = rule(["chmod"], Action.ERRNO)
VOID = Arg(0, 0, Operator.MASKED_EQ, 7)


@pytest.mark.parametrize(
    ("default", "found", "allowed"),
    [
        (Action.ERRNO, [EPERM_CHMOD, rule(["chmod"], Action.ALLOW)], True),
        (Action.ERRNO, [rule(["chmod"], Action.ERRNO, errno=13), rule(["chmod"], Action.ALLOW)], False),
        (Action.ERRNO, [rule(["chmod"], Action.ALLOW, args=(VOID,))], True),
        (Action.ALLOW, [rule(["chmod"], Action.ALLOW), EPERM_CHMOD], False),
        (Action.ALLOW, [rule(["chmod"], Action.ERRNO, args=(VOID,))], False),
    ],
    ids=["like the default", "the first", "a void condition", "allowed like the default", "a void denial"],
)
def test_systemd_decides_by_the_rules_that_the_runtime_obeys(default, found, allowed) -> None:
    exported = export_systemd(resolved(make_profile(default, [rule(IMPLICIT, Action.ALLOW), *found])))
    assert not exported.lost
    again = compiled(import_profile(exported.text, "systemd").profile)
    assert again is not None
    value = again.returns(AMD64_TOKEN, find("chmod", AMD64).number, (0,) * 6)
    assert (value == 0x7FFF0000) is allowed


def test_a_pod_names_the_profile_and_its_place() -> None:
    exported = export_pod("web")
    assert "localhostProfile: profiles/web.json" in exported.text
    assert "/var/lib/kubelet/seccomp/profiles/web.json" in exported.lost[0]


@pytest.mark.parametrize("name", ["", "Web", "a b", "-a", "a\nb", "x" * 64])
def test_a_name_that_kubernetes_refuses_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        export_pod(name)


def test_compact_joins_and_does_not_reorder_a_call_with_two_rules() -> None:
    profile = make_profile(
        Action.ERRNO,
        [
            rule(["read"], Action.ALLOW),
            rule(["chmod"], Action.LOG),
            rule(["write", "chmod"], Action.ALLOW),
        ],
    )
    assert [(r.names, r.action) for r in compact(profile).rules] == [
        (("read", "write"), Action.ALLOW),
        (("chmod",), Action.LOG),
        (("chmod",), Action.ALLOW),
    ]


def test_systemd_restricts_architectures_as_the_filter_does() -> None:
    oci = resolve(read_profile('{"defaultAction": "SCMP_ACT_ALLOW"}').profile, Target())
    assert oci is not None
    assert "SystemCallArchitectures=native\n" in export_systemd(oci).text


def test_words_for_which_systemd_would_ignore_a_line_are_left_out_and_reported() -> None:
    text = json.dumps(
        {
            "defaultAction": "SCMP_ACT_ERRNO",
            "defaultErrnoRet": 12345,
            "flags": ["SECCOMP_FILTER_FLAG_LOG"],
            "listenerPath": "/run/agent",
            "syscalls": [
                {"names": ["<unknown<", "read", "a b"], "action": "SCMP_ACT_ALLOW"},
                {"names": ["write"], "action": "SCMP_ACT_LOG"},
                {"names": ["chmod"], "action": "SCMP_ACT_ERRNO", "errnoRet": 65537},
            ],
        }
    )
    oci = resolve(read_profile(text).profile, Target())
    assert oci is not None
    exported = export_systemd(oci)
    assert "unknown" not in exported.text
    assert "SystemCallErrorNumber=4095" in exported.text
    assert "SystemCallFilter=~chmod:EPERM" in exported.text
    lost = "\n".join(exported.lost)
    for part in (
        "'<unknown<', 'a b'",
        "errno 12345",
        "errno 65537",
        "record of write",
        "FLAG_LOG",
        "listener",
    ):
        assert part in lost


def test_a_pretended_success_by_default_is_reported_as_lost() -> None:
    oci = resolve(read_profile('{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 0}').profile, Target())
    assert oci is not None
    exported = export_systemd(oci)
    assert "SystemCallErrorNumber=EPERM" in exported.text
    assert any("pretended success" in lost for lost in exported.lost)


def test_the_manifests_for_kubernetes_hold_the_profile_and_the_pod_that_uses_it() -> None:
    yaml = pytest.importorskip("yaml")
    oci = resolve(read_profile('{"defaultAction": "SCMP_ACT_LOG"}').profile, Target())
    assert oci is not None
    text = export_kubernetes(oci, "web").text
    holder, pod = yaml.safe_load_all(text)
    assert json.loads(holder["data"]["web.json"]) == oci_json(oci)
    profile = pod["spec"]["securityContext"]["seccompProfile"]
    assert profile == {"type": "Localhost", "localhostProfile": "profiles/web.json"}
    assert import_profile(text).profile.default_action is Action.LOG
    with pytest.raises(UsageError):
        export_kubernetes(oci, "Web!")
