"""Refusals are found without compiling everything, and are the same as from compiling everything."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.profile.calls.syscalls import arch, names
from runner.profile.errors import ProfileError
from runner.profile.filter import acceptance
from runner.profile.filter.compile import compile_program
from runner.profile.model import Target
from runner.profile.resolve import resolve
from runner.profile.source.reader import read_profile
from runner.profile.version import Version

NATIVE = arch("amd64")
# Few calls, so that rules overlap: some of them through socketcall and ipc.
CALLS = ["read", "chmod", "clone", "socket", "connect", "socketcall", "semop", "semtimedop", "ipc"]
ARCHITECTURES = [
    [],
    ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"],
    ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
]

conditions = st.fixed_dictionaries(
    {
        "index": st.integers(0, 1),
        "value": st.sampled_from([1, 2, 1 << 32, (1 << 32) + 1]),
        "op": st.sampled_from(["SCMP_CMP_EQ", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ"]),
    }
)
rules = st.fixed_dictionaries(
    {
        "names": st.lists(st.sampled_from(CALLS), min_size=1, max_size=3),
        "action": st.sampled_from(["SCMP_ACT_ALLOW", "SCMP_ACT_TRAP", "SCMP_ACT_ERRNO"]),
        "args": st.lists(conditions, max_size=2),
    }
)


def _resolved(default_action, rules, architectures=()):
    text = json.dumps({"defaultAction": default_action, "architectures": architectures, "syscalls": rules})
    return resolve(read_profile(text).profile, Target())


def _refusal(check):
    try:
        check()
    except ProfileError as error:
        return str(error)
    return ""


@given(
    st.sampled_from(["SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW"]),
    st.lists(rules, max_size=6),
    st.sampled_from(ARCHITECTURES),
    st.sampled_from([None, Version.of("1.0.0")]),
)
def test_the_refusal_is_that_of_the_whole_filter(default_action, rules, architectures, runtime):
    oci = _resolved(default_action, rules, architectures)
    whole = _refusal(lambda: compile_program(oci, NATIVE, runtime=runtime))
    assert _refusal(lambda: acceptance.check_accepted(oci, NATIVE, runtime=runtime)) == whole


def test_a_filter_that_is_too_long_for_the_kernel_is_refused():
    conditions = [[{"index": 1, "value": n << 32 | n, "op": "SCMP_CMP_EQ"}] for n in range(1500)]
    rules = [{"names": ["ioctl"], "action": "SCMP_ACT_ERRNO", "args": args} for args in conditions]
    with pytest.raises(ProfileError, match="the kernel takes 4096"):
        acceptance.check_accepted(_resolved("SCMP_ACT_ALLOW", rules), NATIVE)


@pytest.mark.parametrize("architectures", ARCHITECTURES)
@pytest.mark.parametrize("conditions", [0, 2])
def test_no_filter_is_longer_than_the_estimated_maximum(architectures, conditions):
    every = [*names(NATIVE), *names(arch("386"))]
    rules = [
        {
            "names": every[start : start + 7],
            "action": "SCMP_ACT_ALLOW" if start % 2 else "SCMP_ACT_TRAP",
            "args": [
                {"index": index, "value": start + 1 << 31, "op": "SCMP_CMP_NE"} for index in range(conditions)
            ],
        }
        for start in range(0, len(every) // 4, 7)
    ]
    oci = _resolved("SCMP_ACT_ERRNO", rules, architectures)
    compiled = compile_program(oci, NATIVE)
    assert len(compiled.program) <= acceptance._most_instructions(oci.rules, compiled.arches)
