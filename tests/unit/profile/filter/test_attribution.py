"""The filter that libseccomp compiles, compared with the rules; arguments; errors."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from runner.errors import UsageError
from runner.profile.calls.call import Call, parse_call
from runner.profile.calls.syscalls import ARCHES, arch, find, of_number
from runner.profile.capabilities import ALL_CAPABILITIES
from runner.profile.errors import ProfileError
from runner.profile.filter import bpf
from runner.profile.filter.attribution import Cause
from runner.profile.filter.simulate import compile_filter, seccomp_data
from runner.profile.model import Action, Arg, OciRule, OciSeccomp, Operator, Target
from runner.profile.simulation import decide
from runner.profile.version import Version

NAMES = ("read", "fchmod", "clone", "socket", "shmget", "ptrace", "openat", "personality")
VALUES = (0, 1, 2, 0o777, 0x7FFFFFFF, 0xFFFFFFFF, 0x100000000, 0x1000001FF, 2**63, 2**64 - 1)
ARCH_SETS = {
    "amd64": ("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
    "386": ("SCMP_ARCH_X86",),
    "arm64": ("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"),
    "mips64": ("SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64N32"),
    "mips64le": ("SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64N32"),
    "ppc": ("SCMP_ARCH_PPC",),
    "ppc64": ("SCMP_ARCH_PPC64", "SCMP_ARCH_PPC"),
    "ppc64le": (),
    "riscv64": ("SCMP_ARCH_RISCV64",),
    "s390x": ("SCMP_ARCH_S390X", "SCMP_ARCH_S390"),
}
QUIET = settings(max_examples=40, suppress_health_check=list(HealthCheck))

values = st.sampled_from(VALUES) | st.integers(0, 2**64 - 1)
conditions = st.builds(Arg, st.integers(0, 3), values, st.sampled_from(list(Operator)), values)
outcomes = st.sampled_from(
    [(Action.ALLOW, None), (Action.ERRNO, 38), (Action.ERRNO, None), (Action.KILL, None), (Action.TRAP, None)]
)


def oci(native: str, default: tuple[Action, int | None], rules: Any) -> OciSeccomp:
    return OciSeccomp(
        default_action=default[0],
        default_errno=default[1],
        architectures=ARCH_SETS[native],
        flags=(),
        listener_path="",
        listener_metadata="",
        rules=tuple(rules),
    )


single_rules = st.lists(
    st.tuples(
        st.sampled_from(NAMES), outcomes, st.lists(conditions, max_size=2, unique_by=lambda arg: arg.index)
    ),
    max_size=8,
    unique_by=lambda r: r[0],
)
any_rules = st.lists(
    st.tuples(st.sampled_from(NAMES), outcomes, st.lists(conditions, max_size=2)), max_size=8
)


def built(rules: Any) -> list[OciRule]:
    return [OciRule((name,), action, errno, tuple(args)) for name, (action, errno), args in rules]


def probes(native: str, rules: list[OciRule]) -> list[tuple[Any, int, tuple[int, ...]]]:
    abis = [arch(native), *(arch(name) for name in ARCH_SETS[native])]
    found = []
    for abi in dict.fromkeys(abis):
        numbers = {0, 1000}
        for name in (*NAMES, "socketcall", "ipc"):
            try:
                numbers.add(find(name, abi).number)
            except UsageError:
                continue
        touched = {value for rule in rules for arg in rule.args for value in (arg.value, arg.value_two)}
        for number in numbers:
            for value in (
                *VALUES[:4],
                *sorted(touched)[:4],
                *((value + 1) % 2**64 for value in sorted(touched)[:4]),
            ):
                found.append((abi, number, (value, value, value, value, 0, 0)))
                found.append((abi, number, (1, value, 0, value >> 32, 0, 0)))
    return found


@pytest.mark.parametrize("native", ARCH_SETS)
@settings(QUIET, max_examples=8)
@given(default=outcomes, rules=single_rules)
def test_with_one_rule_for_a_call_the_filter_decides_as_the_rules_read(
    native: str, default: tuple[Action, int | None], rules: Any
) -> None:
    """On every architecture, through socketcall and ipc too, with conditions of every kind."""
    rule_objects = built(rules)
    filter_ = compile_filter(oci(native, default, rule_objects), native)
    for abi, number, args in probes(native, rule_objects):
        decision = filter_.decide(Call(abi, of_number(number, abi), args))
        assert decision.agrees, (abi.go, number, args, decision)


@QUIET
@given(default=outcomes, rules=any_rules)
def test_where_rules_overlap_the_decision_is_still_the_filters_and_says_so(
    default: tuple[Action, int | None], rules: Any
) -> None:
    rule_objects = built(rules)
    try:
        filter_ = compile_filter(oci("amd64", default, rule_objects), "amd64")
    except ProfileError:
        assume(False)
        return
    for abi, number, args in probes("amd64", rule_objects):
        decision = filter_.decide(Call(abi, of_number(number, abi), args))
        assert decision.agrees or any("the filter decides otherwise" in note for note in decision.notes)
        if decision.rule is not None and decision.action == "errno":
            assert decision.rule.action is Action.ERRNO


@QUIET
@given(default=outcomes, rules=any_rules, number=st.integers(0, 2**32 - 1), args=st.tuples(*[values] * 6))
def test_a_specialised_program_returns_what_the_plain_one_does(
    default: tuple[Action, int | None], rules: Any, number: int, args: tuple[int, ...]
) -> None:
    try:
        filter_ = compile_filter(oci("amd64", default, built(rules)), "amd64")
    except ProfileError:
        assume(False)
        return
    for abi in ARCHES:
        for each in (number, *(find(name, arch("amd64")).number for name in NAMES)):
            plain = bpf.run(filter_.program, seccomp_data(abi.audit, each, args))
            assert filter_.returns(abi.audit, each, args) == plain


def profile_text(**fields: Any) -> str:
    return json.dumps({"defaultAction": "SCMP_ACT_ERRNO", **fields})


def allow(*names: str, **fields: Any) -> dict[str, Any]:
    return {"names": list(names), "action": "SCMP_ACT_ALLOW", **fields}


def test_a_mistake_of_libseccomp_is_the_decision_and_is_reported() -> None:
    """Two 64-bit comparisons of one argument that differ in the upper half: version 2.5.4 loses the second."""
    args = [{"index": 0, "value": 0, "op": "SCMP_CMP_LT"}, {"index": 0, "value": 2**32, "op": "SCMP_CMP_LT"}]
    text = json.dumps(
        {
            "defaultAction": "SCMP_ACT_ALLOW",
            "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "args": args}],
        }
    )
    decision = decide(text, "read", ("1",))
    if decision.action == "errno":
        pytest.skip("this libseccomp compiles the rule rightly")
    assert not decision.agrees
    assert any("syscalls[0]" in note for note in decision.notes)


def test_a_profile_that_names_call_0_alone_has_no_stub() -> None:
    """runc treats a highest number of 0 as none."""
    assert decide(profile_text(syscalls=[allow("read")]), "statx").errno == "EPERM"


def test_the_rule_that_decides_is_named_with_its_place() -> None:
    text = '{"defaultAction": "SCMP_ACT_ERRNO",\n "syscalls": [\n  {"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}'
    decision = decide(text, "read")
    assert (decision.action, decision.errno, decision.cause) == ("allow", "", Cause.RULE)
    assert decision.rule is not None
    assert decision.rule.source is not None
    assert (decision.rule.source.at.line, decision.rule.source.at.path) == (3, "syscalls[0]")


def test_the_default_the_stub_and_an_empty_profile_decide_without_a_rule() -> None:
    text = profile_text(syscalls=[allow("read", "openat")])
    assert (decide(text, "write").errno, decide(text, "write").cause) == ("EPERM", Cause.DEFAULT)
    assert (decide(text, "statx").errno, decide(text, "statx").cause) == ("ENOSYS", Cause.NEWER_THAN_PROFILE)
    off = decide("{}", "mount")
    assert (off.action, off.cause) == ("allow", Cause.DISABLED)


def test_capabilities_and_kernels_count() -> None:
    text = profile_text(
        syscalls=[
            allow("mount", includes={"caps": ["CAP_SYS_ADMIN"]}),
            allow("ptrace", includes={"minKernel": "4.8"}),
            allow("openat"),
        ]
    )
    assert decide(text, "mount").action == "errno"
    assert decide(text, "mount", target=Target(caps=ALL_CAPABILITIES)).action == "allow"
    assert decide(text, "ptrace", target=Target(kernel=(4, 7))).action == "errno"
    assert decide(text, "ptrace", target=Target(kernel=(4, 8))).action == "allow"


def test_two_conditions_on_one_argument_are_alternatives() -> None:
    """A range cannot be written this way: each condition by itself allows the call."""
    args = [{"index": 0, "value": 10, "op": "SCMP_CMP_GE"}, {"index": 0, "value": 20, "op": "SCMP_CMP_LE"}]
    text = profile_text(syscalls=[allow("personality", args=args), allow("openat")])
    assert [decide(text, "personality", (value,)).action for value in ("5", "15", "25")] == ["allow"] * 3


def test_the_same_condition_with_another_action_is_the_start_error_that_runc_gives() -> None:
    args = [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]
    denied = {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "errnoRet": 5, "args": args}
    with pytest.raises(ProfileError, match=r"line 1.*socket.*same condition"):
        decide(profile_text(syscalls=[allow("socket", args=args), denied]), "socket")


def test_a_name_newer_than_the_library_is_left_out_and_reported() -> None:
    decision = decide(profile_text(syscalls=[allow("openat", "file_setattr")]), "file_setattr")
    assert decision.errno == "ENOSYS"
    assert any("does not know it" in note for note in decision.notes)


def test_an_old_runc_has_no_stub_if_the_profile_lists_no_architecture() -> None:
    rules = [OciRule(("openat",), Action.ALLOW, None, ())]
    plain = OciSeccomp(
        default_action=Action.ERRNO,
        default_errno=None,
        architectures=(),
        flags=(),
        listener_path="",
        listener_metadata="",
        rules=tuple(rules),
    )
    call = parse_call(("mseal",))
    assert compile_filter(plain, runtime=Version.of("1.1.5")).decide(call).errno == "EPERM"
    assert compile_filter(plain, runtime=Version.of("1.1.15")).decide(call).errno == "ENOSYS"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("chmodd",), "did you mean chmod"),
        (("socket", "AF_INTE"), "AF_INET"),
        (("read", *"1234567"), "at most 6"),
        (("read", "0x10000000000000000"), "64 bits"),
        (("99999999999",), "32 bits"),
        (("socketcall",), "amd64 has no system call"),
    ],
)
def test_a_call_that_cannot_be_meant_is_an_error_with_a_hint(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_call(words)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0777", 0o777),
        ("0o777", 0o777),
        ("0x1ff", 0o777),
        ("511", 511),
        ("-1", 2**64 - 1),
        ("AF_INET", 2),
        ("CLONE_NEWUSER|CLONE_NEWNS", 0x10020000),
        ("O_RDWR | 0x80000", 0x80002),
        ("EPERM", 1),
        ("NULL", 0),
    ],
)
def test_arguments_are_written_as_in_c(text: str, value: int) -> None:
    assert parse_call(("read", text)).args[0] == value


def test_a_path_is_a_pointer_with_a_note() -> None:
    call = parse_call(("chmod", "/tmp", "0777"))
    assert call.args[0] != 0
    assert any("pointer" in note for note in call.notes)


def test_constants_differ_by_architecture() -> None:
    assert parse_call(("socket", "AF_INET", "SOCK_STREAM"), "mips64le").args[1] == 2
    assert parse_call(("socket", "AF_INET", "SOCK_STREAM"), "amd64").args[1] == 1
    assert parse_call(("chmod",), "386").syscall.number == 15


def test_a_program_that_the_kernel_would_refuse_is_refused() -> None:
    good = bpf.Instruction(bpf.RETURN, 0, 0, 0)
    for bad in ([], [bpf.Instruction(bpf.LOAD, 0, 0, 0)], [bpf.Instruction(bpf.JUMP, 0, 0, 9), good]):
        with pytest.raises(bpf.BadProgramError):
            bpf.verify(bad)
    for bad_first in (bpf.Instruction(bpf.LOAD, 0, 0, 64), bpf.Instruction(0x99, 0, 0, 0)):
        with pytest.raises(bpf.BadProgramError):
            bpf.verify([bad_first, good])
