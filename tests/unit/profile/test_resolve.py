"""The engine's rules for turning a profile into an OCI object."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.profile.capabilities import ALL_CAPABILITIES, DEFAULT_CAPABILITIES, read_capabilities
from runner.profile.errors import ProfileError
from runner.profile.model import Target
from runner.profile.resolve import SECCOMP_ARCHES, resolve
from runner.profile.source.oci import oci_json, read_oci
from runner.profile.source.reader import read_profile
from runner.profile.source.writer import write_profile
from runner.profile.version import Version


def _resolved(profile, **target):
    oci = resolve(read_profile(json.dumps(profile)).profile, Target(**target))
    return None if oci is None else oci_json(oci)


def _names(rules, **target):
    profile = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": rules}
    return [name for rule in _resolved(profile, **target).get("syscalls", []) for name in rule["names"]]


def _rule(name, **fields):
    return {"names": [name], "action": "SCMP_ACT_ERRNO", **fields}


def test_an_empty_profile_turns_seccomp_off():
    assert _resolved({}) is None


def test_conditions():
    rules = [
        _rule("all-caps", includes={"caps": ["CAP_A", "CAP_B"]}),
        _rule("no-cap", excludes={"caps": ["CAP_A", "CAP_C"]}),
        _rule("arch", includes={"arches": ["amd64", "arm64"]}),
        _rule("not-arch", excludes={"arches": ["amd64"]}),
        _rule("new", includes={"minKernel": "4.8"}),
        _rule("old", excludes={"minKernel": "4.8"}),
        _rule("never", excludes={"minKernel": ""}),
        _rule("inexact", includes={"caps": ["cap_a"]}),
    ]
    assert _names(rules, caps=frozenset({"CAP_A", "CAP_B"}), kernel=(4, 8)) == ["all-caps", "arch", "new"]
    assert _names(rules, caps=frozenset({"CAP_B"}), arch="ppc64le", kernel=(4, 7)) == [
        "no-cap",
        "not-arch",
        "old",
    ]
    assert _names(rules, caps=frozenset({"CAP_B"}), kernel=(5, 1)) == ["no-cap", "arch", "new"]


def test_arch_map_expands_the_entry_of_the_architecture():
    profile = {
        "defaultAction": "SCMP_ACT_ALLOW",
        "archMap": [
            {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]},
            {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]},
            {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X32"]},
        ],
    }
    assert _resolved(profile)["architectures"] == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]
    assert "architectures" not in _resolved(profile, arch="s390x")


def test_refusals():
    both = {
        "defaultAction": "SCMP_ACT_ALLOW",
        "syscalls": [{**_rule("a"), "name": "b", "includes": {"caps": ["CAP_A"]}}],
    }
    with pytest.raises(ProfileError, match=r"line 1, column 50 \(syscalls\[0\]\).*'name' and 'names'"):
        _resolved(both)
    assert _resolved(both, engine=Version.of("20.10")) == {"defaultAction": "SCMP_ACT_ALLOW"}
    arches = {"architectures": ["SCMP_ARCH_X86"], "archMap": [{"architecture": "SCMP_ARCH_X86"}]}
    with pytest.raises(ProfileError, match="'architectures' and 'archMap'"):
        _resolved({"defaultAction": "SCMP_ACT_ALLOW", **arches})
    with pytest.raises(ProfileError, match="unknown architecture"):
        _resolved({"defaultAction": "SCMP_ACT_ALLOW"}, arch="x86_64")


def test_old_engines_drop_fields():
    profile = {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": 38,
        "flags": ["SECCOMP_FILTER_FLAG_LOG"],
        "listenerPath": "/a",
        "listenerMetadata": "b",
    }
    assert _resolved(profile, engine=Version.of("23.0")) == profile
    assert _resolved(profile, engine=Version.of("20.10.24")) == {"defaultAction": "SCMP_ACT_ERRNO"}


_ARGS = st.fixed_dictionaries(
    {
        "index": st.integers(0, 9),
        "value": st.integers(0, 2**64 - 1),
        "op": st.sampled_from(["SCMP_CMP_EQ", "SCMP_CMP_MASKED_EQ"]),
    },
    optional={"valueTwo": st.integers(1, 2**64 - 1)},
)
_NAMES = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), max_size=3)
_CONDITION = st.fixed_dictionaries(
    {},
    optional={
        "caps": st.lists(st.sampled_from(["CAP_A", "CAP_B"]), min_size=1, max_size=2),
        "arches": st.lists(st.sampled_from(["amd64", "arm64"]), min_size=1, max_size=2),
        "minKernel": st.sampled_from(["", "3.17", "4.8"]),
    },
)
_RULES = st.fixed_dictionaries(
    {"names": _NAMES, "action": st.sampled_from(["SCMP_ACT_ERRNO", "SCMP_ACT_LOG", "SCMP_ACT_KILL"])},
    optional={
        "errnoRet": st.integers(0, 2**64 - 1),
        "args": st.lists(_ARGS, min_size=1, max_size=3),
        "comment": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=5),
        "includes": _CONDITION.filter(bool),
        "excludes": _CONDITION.filter(bool),
    },
)
_PROFILES = st.fixed_dictionaries(
    {"defaultAction": st.just("SCMP_ACT_ALLOW"), "syscalls": st.lists(_RULES, max_size=4)},
    optional={
        "flags": st.lists(st.text("AB", min_size=1), min_size=1),
        "defaultErrnoRet": st.integers(0, 99),
    },
)


@given(_PROFILES)
def test_writing_and_reading_a_profile_keeps_it(value):
    profile = read_profile(json.dumps(value)).profile
    written = write_profile(profile)
    assert json.loads(written) == value
    again = read_profile(written).profile
    assert write_profile(again) == written


@given(_PROFILES)
def test_writing_and_reading_the_oci_object_keeps_it(value):
    oci = resolve(read_profile(json.dumps(value)).profile, Target())
    written = json.dumps(oci_json(oci))
    assert oci_json(read_oci(written)) == oci_json(oci)
    whole = f'{{"ociVersion": "1.0.2", "linux": {{"seccomp": {written}}}}}'
    assert oci_json(read_oci(whole)) == oci_json(oci)


def test_a_runtime_configuration_without_seccomp():
    assert read_oci('{"ociVersion": "1.0.2", "linux": {}}') is None


def test_capability_sets_by_name():
    assert read_capabilities("all") == ALL_CAPABILITIES
    assert read_capabilities("default") == DEFAULT_CAPABILITIES < ALL_CAPABILITIES
    assert read_capabilities("none") == frozenset()
    assert read_capabilities("sys_admin, CAP_bpf") == {"CAP_SYS_ADMIN", "CAP_BPF"}
    with pytest.raises(Exception, match="did you mean CAP_SYS_ADMIN"):
        read_capabilities("SYS_ADMN")


def test_an_engine_ignores_newer_fields():
    rule = {
        "names": ["ptrace"],
        "action": "SCMP_ACT_ERRNO",
        "errnoRet": 38,
        "includes": {"minKernel": "99.0"},
    }
    profile = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]}
    assert _resolved(profile, engine=Version.of("19.03")) == {"defaultAction": "SCMP_ACT_ALLOW"}
    (old,) = _resolved(profile, engine=Version.of("18.09"))["syscalls"]
    assert old == {"names": ["ptrace"], "action": "SCMP_ACT_ERRNO"}
    del rule["includes"]
    (before,) = _resolved(profile, engine=Version.of("20.10.9"))["syscalls"]
    (after,) = _resolved(profile, engine=Version.of("20.10.10"))["syscalls"]
    assert ("errnoRet" in before, after["errnoRet"]) == (False, 38)


def test_before_1_13_only_name_is_read():
    legacy = {"name": "chmod", "action": "SCMP_ACT_ERRNO", "includes": {"caps": ["CAP_SYS_ADMIN"]}}
    profile = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [legacy]}
    (rule,) = _resolved(profile, engine=Version.of("1.12.6"))["syscalls"]
    assert rule["names"] == ["chmod"]
    profile["syscalls"].append({"names": ["chown"], "action": "SCMP_ACT_ERRNO"})
    with pytest.raises(ProfileError, match="reads 'name' only"):
        _resolved(profile, engine=Version.of("1.12.6"))


@pytest.mark.parametrize("arch", ["loong64", "mipsle"])
def test_engines_find_no_entry_of_arch_map_on_two_architectures(arch):
    """The engines' names for these differ from the names in their table; `architectures` works there."""
    native = SECCOMP_ARCHES[arch]
    mapped = {
        "defaultAction": "SCMP_ACT_ALLOW",
        "archMap": [{"architecture": native, "subArchitectures": []}],
    }
    listed = {"defaultAction": "SCMP_ACT_ALLOW", "architectures": [native]}
    assert _resolved(mapped, arch=arch) == {"defaultAction": "SCMP_ACT_ALLOW"}
    assert _resolved(listed, arch=arch) == listed
