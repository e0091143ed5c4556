"""`resolve` and the shipped profiles against what a real engine hands to its runtime."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runner.cli.profile.engine_default import started_with
from runner.cli.profile.given.options import read_kernel
from runner.content import PROFILES
from runner.engine.api import StartRefused
from runner.lab.model.container import ContainerSpec
from runner.profile.calls.groups import KNOWN
from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES, all_capabilities
from runner.profile.errors import ProfileError
from runner.profile.filter.effective import effective
from runner.profile.model import Target
from runner.profile.resolve import resolve
from runner.profile.source.oci import oci_json
from runner.profile.source.reader import read_profile
from runner.profile.version import Version

pytestmark = pytest.mark.engine

SETS = {"default": DEFAULT_CAPABILITIES, "all": ALL_CAPABILITIES}
EXPLAINED = Path(__file__).with_name("default_profile_differences.toml")


@pytest.fixture
def handed(engine):
    """A function: the object that the engine hands to its runtime for a profile's JSON and a capability set."""
    return lambda content, caps: started_with(engine, caps, content)


def _target(engine, caps):
    version = Version.of(engine.info.version)
    caps = caps & all_capabilities(version)
    return Target(arch=engine.info.arch, caps=caps, kernel=read_kernel(engine.info.kernel), engine=version)


def _json(oci):
    return None if oci is None else oci_json(oci)


def _assert_same(engine, handed, content, caps):
    expected = resolve(read_profile(content).profile, _target(engine, caps))
    assert _json(handed(content, caps)) == _json(expected)


@pytest.mark.parametrize("caps", SETS)
@pytest.mark.parametrize("name", ["default", "default-no-chmod", "allow"])
def test_shipped_profiles_start_and_resolve_as_the_engine_does(engine, handed, name, caps):
    _assert_same(engine, handed, (PROFILES / f"{name}.json").read_text(), SETS[caps])


ODD = {
    "legacy": {"syscalls": [{"name": "chmod", "action": "SCMP_ACT_ERRNO"}]},
    "keys in another case": {"SYSCALLS": [{"Names": ["chmod"], "ACTION": "SCMP_ACT_ERRNO"}]},
    "native only": {"archMap": [{"architecture": "SCMP_ARCH_S390X", "subArchitectures": ["SCMP_ARCH_S390"]}]},
    "architectures": {"architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]},
    "dropped by old engines": {"defaultErrnoRet": 38},
    "unknown fields": {
        "what": {"is": ["this"]},
        "syscalls": [{"names": [], "action": "SCMP_ACT_ERRNO", "x": 1}],
    },
    "nulls": {
        "flags": None,
        "syscalls": [{"names": None, "action": "SCMP_ACT_ERRNO", "args": None, "includes": None}],
    },
    "64 bits": {
        "syscalls": [
            {
                "names": ["chmod"],
                "action": "SCMP_ACT_ERRNO",
                "errnoRet": 0,
                "args": [{"index": 1, "value": 2**64 - 1, "valueTwo": 2**63, "op": "SCMP_CMP_MASKED_EQ"}],
            }
        ]
    },
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_profiles_resolve_as_the_engine_does(engine, handed, odd):
    content = json.dumps({"defaultAction": "SCMP_ACT_ALLOW", **ODD[odd]})
    _assert_same(engine, handed, content, DEFAULT_CAPABILITIES)


def test_flags_resolve_as_the_engine_does_and_old_runtimes_refuse_them(engine, handed):
    """Engines pass them on since 23; runc before 1.2 refuses to start a container with one."""
    content = json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "flags": ["SECCOMP_FILTER_FLAG_LOG"]})
    passed_on = resolve(read_profile(content).profile, _target(engine, DEFAULT_CAPABILITIES)).flags
    if (
        passed_on
        and engine.info.runtime == "runc"
        and Version.of(engine.info.runtime_version) < Version.of("1.2")
    ):
        with pytest.raises(StartRefused, match="flag"):
            handed(content, DEFAULT_CAPABILITIES)
    else:
        assert handed(content, DEFAULT_CAPABILITIES).flags == passed_on


@pytest.mark.parametrize(
    "text",
    [
        '{"defaultAction": "SCMP_ACT_KILL", "defaultAction": "SCMP_ACT_ALLOW", "defaultAction": null}',
        """{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "names": ["mkdir"],
            "action": "SCMP_ACT_ERRNO", "errnoRet": 5, "errnoRet": null,
            "includes": {"caps": ["CAP_CHOWN"]}, "includes": {"arches": ["amd64", "arm64"]}}]}""",
        '{"defaultAction": "SCMP_ACT_ALLOW", "listenerMetadata": "\\ud800\\u00e9"}',
        """{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO",
            "errnoRet": 5, "excludes": {"caps": ["CAP_BPF"]}}, {"names": ["mknod"], "action": "SCMP_ACT_ERRNO"}],
            "syscalls": [{"names": ["mkdir"], "excludes": {"arches": ["arm"]}, "action": "SCMP_ACT_ERRNO"}]}""",
        """{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["swapon"], "action": "SCMP_ACT_ERRNO",
            "args": [{"index": 1, "value": 7, "op": "SCMP_CMP_EQ"}], "args": [{"value": 8, "op": "SCMP_CMP_EQ"},
            {"index": 2, "value": 9, "op": "SCMP_CMP_NE"}]}]}""",
        """{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["swapon"], "action": "SCMP_ACT_ERRNO",
            "excludes": {"minKernel": ""}}, {"names": ["swapoff"], "action": "SCMP_ACT_ERRNO",
            "includes": {"minKernel": ""}}]}""",
    ],
)
def test_equal_keys_and_escapes_are_read_as_the_engine_reads_them(engine, handed, text):
    _assert_same(engine, handed, text, DEFAULT_CAPABILITIES)


def test_an_empty_profile_is_no_seccomp_for_the_engine_too(engine, handed):
    assert handed("{}", DEFAULT_CAPABILITIES) is None
    assert resolve(read_profile("{}").profile, _target(engine, DEFAULT_CAPABILITIES)) is None


REFUSED = [
    '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"name": "a", "names": ["b"], "action": "SCMP_ACT_ERRNO"}]}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86"], "archMap": [{"architecture": "x"}]}',
    '{"defaultAction": "SCMP_ACT_NO"}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["a"]}]}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": "a", "action": "SCMP_ACT_ERRNO"}]}',
    '{"syscalls": [{"names": ["a"], "action": "SCMP_ACT_ERRNO"}]}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO", "args": '
    '[{"index": 0, "value": -1, "op": "SCMP_CMP_EQ"}]}]}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO", "args": '
    '[{"index": 0, "value": 1}]}]}',
    '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO", "args": '
    '[{"index": 0, "value": 1e2, "op": "SCMP_CMP_EQ"}]}]}',
]


@pytest.mark.parametrize("content", REFUSED)
def test_what_we_refuse_the_engine_refuses(engine, content):
    with pytest.raises(ProfileError):
        resolve(read_profile(content).profile, _target(engine, DEFAULT_CAPABILITIES))
    with pytest.raises(StartRefused):
        engine.run(ContainerSpec(command=("true",)), seccomp=content, timeout=60)


_CONDITION = st.fixed_dictionaries(
    {},
    optional={
        "caps": st.lists(st.sampled_from(["CAP_CHOWN", "CAP_SYS_ADMIN", "SYS_ADMIN"]), max_size=2),
        "arches": st.lists(st.sampled_from(["amd64", "arm64", "x86"]), max_size=2),
        "minKernel": st.sampled_from(["3.17", "4.8", "99.0"]),
    },
)
_HARMLESS = ["swapon", "swapoff", "acct", "reboot", "vhangup", "no_such_call"]
_RULES = st.fixed_dictionaries(
    {"action": st.sampled_from(["SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_TRAP", "SCMP_ACT_ALLOW"])},
    optional={
        "errnoRet": st.integers(0, 4000) | st.none(),
        "args": st.just([]) | st.none(),
        "includes": _CONDITION | st.none(),
        "excludes": _CONDITION | st.none(),
    },
).flatmap(
    lambda rule: st.one_of(
        st.lists(st.sampled_from(_HARMLESS), max_size=3).map(lambda names: {**rule, "names": names}),
        st.sampled_from(_HARMLESS).map(lambda name: {**rule, "name": name}),
    )
)


@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    profile=st.fixed_dictionaries(
        {"defaultAction": st.just("SCMP_ACT_ALLOW"), "syscalls": st.lists(_RULES, max_size=4)},
        optional={"defaultErrnoRet": st.integers(0, 40)},
    ),
    caps=st.sampled_from(sorted(SETS)),
)
def test_generated_profiles_resolve_as_the_engine_does(engine, handed, profile, caps):
    _assert_same(engine, handed, json.dumps(profile), SETS[caps])


@pytest.mark.parametrize("caps", SETS)
def test_our_default_profile_differs_from_the_engines_only_where_it_is_explained(engine, handed, caps):
    """Each call that only one of them allows is in the data file, with the engine version that changed it."""
    profile = read_profile((PROFILES / "default.json").read_text()).profile
    ours = effective(resolve(profile, _target(engine, SETS[caps])))
    theirs = effective(handed("", SETS[caps]))
    version = Version.of(engine.info.version)
    added, removed = set(), set()
    for change in tomllib.loads(EXPLAINED.read_text())["change"]:
        # An engine from before the change does not have it; which exactly, only the change's version says.
        if version < Version.of(".".join(map(str, change["since"]))):
            added |= set(change.get("allowed", "").split())
            removed |= set(change.get("denied", "").split())
    differing = {name for name in KNOWN if ours.allowed(name) != theirs.allowed(name)}
    unexplained = differing - added - removed
    assert not unexplained
    assert all(ours.allowed(name) for name in differing & added)
    assert not any(ours.allowed(name) for name in differing & removed)
