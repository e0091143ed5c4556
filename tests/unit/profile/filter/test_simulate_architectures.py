"""`runner.profile.filter.simulate`: big-endian filters, long jumps, and calls in socketcall and ipc."""

import random

import pytest

from runner.content import PROFILES
from runner.errors import UsageError
from runner.profile import libseccomp
from runner.profile.calls.call import Call
from runner.profile.calls.syscalls import Arch, all_calls, arch, find, of_number
from runner.profile.capabilities import DEFAULT_CAPABILITIES
from runner.profile.errors import SimulationError
from runner.profile.filter import bpf
from runner.profile.filter.compile import compile_program
from runner.profile.filter.returns import RET_ALLOW, describe_return
from runner.profile.filter.simulate import Filter, compile_filter
from runner.profile.model import Action, Arg, OciRule, OciSeccomp, Operator, Target
from runner.profile.resolve import SECCOMP_ARCHES, resolve
from runner.profile.source.reader import read_profile

I386 = arch("386")
KNOWN_ARCHES = [name for name in SECCOMP_ARCHES if libseccomp.knows_architecture(arch(name).token)]
LOST = "sys_debug_setcontext"
"""libseccomp loses this name of PowerPC's when it compiles on another architecture."""
DENYING = (
    '{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "syscalls": '
    '[{"names": ["%s"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}]}'
)


def default_filter(native: str) -> tuple[Filter, OciSeccomp]:
    text = (PROFILES / "default.json").read_text()
    oci = resolve(read_profile(text).profile, Target(arch=native, caps=DEFAULT_CAPABILITIES))
    assert oci is not None
    return compile_filter(oci, native), oci


def compiled(text: str) -> Filter:
    oci = resolve(read_profile(text).profile, Target())
    assert oci is not None
    return compile_filter(oci, "amd64")


@pytest.mark.parametrize("native", KNOWN_ARCHES)
def test_the_default_profile_decides_each_call_of_each_architecture_as_its_rules_read(native: str) -> None:
    """Filters of hundreds of instructions, in both byte orders, for every architecture that they cover."""
    filter_, oci = default_filter(native)
    always = {
        name for rule in oci.rules if not rule.args and rule.action is Action.ALLOW for name in rule.names
    }
    abis = dict.fromkeys((arch(native), *(arch(name) for name in oci.architectures)))
    seen = 0
    for abi in abis:
        for call in all_calls(abi):
            decision = filter_.decide(Call(abi, call, (0,) * 6))
            assert decision.agrees, (abi.go, call, decision)
            if call.name in always and call.known:
                seen += 1
                assert decision.action == "allow", (abi.go, call, decision)
    assert seen > 200
    assert filter_.decide(Call(arch(native), find("read", arch(native)), (0,) * 6)).action == "allow"


@pytest.mark.parametrize("native", ["s390x", "mips64", "ppc64"])
def test_no_return_of_a_long_big_endian_filter_is_turned_around(native: str) -> None:
    """Hundreds of rules with many errnos: the returns that libseccomp copies are those in the rules."""
    rng = random.Random(native)  # noqa: S311 - repeatable, no secret
    machine = arch(native)
    calls = [call for call in all_calls(machine) if call.known and call.name != LOST][:300]
    errnos = {call.name: rng.randrange(1, 4000) for call in calls}
    rules = tuple(OciRule((name,), Action.ERRNO, errno, ()) for name, errno in errnos.items())
    filter_ = compile_filter(oci_of(rules), machine)
    for call in calls:
        returned = filter_.returns(machine.audit, call.number, (0,) * 6)
        assert describe_return(returned) == ("errno", errnos[call.name])
    assert {each.k & 0xFFFF0000 for each in filter_.program if each.code == bpf.RETURN} == {
        0x7FFF0000,
        0x00050000,
        0,
    }


def oci_of(rules: tuple[OciRule, ...], architectures: tuple[str, ...] = ()) -> OciSeccomp:
    return OciSeccomp(
        default_action=Action.ALLOW,
        default_errno=None,
        architectures=architectures,
        flags=(),
        listener_path="",
        listener_metadata="",
        rules=rules,
    )


@pytest.mark.parametrize(
    ("name", "number", "through", "which"),
    [
        *[
            ("socket", 359, 102, 1),
            ("socketpair", 360, 102, 8),
            ("bind", 361, 102, 2),
            ("connect", 362, 102, 3),
        ],
        *[("listen", 363, 102, 4), ("accept4", 364, 102, 18), ("getsockopt", 365, 102, 15)],
        *[("setsockopt", 366, 102, 14), ("getsockname", 367, 102, 6), ("getpeername", 368, 102, 7)],
        *[("sendto", 369, 102, 11), ("sendmsg", 370, 102, 16), ("recvfrom", 371, 102, 12)],
        *[("recvmsg", 372, 102, 17), ("shutdown", 373, 102, 13), ("semget", 393, 117, 2)],
        *[
            ("semctl", 394, 117, 3),
            ("shmget", 395, 117, 23),
            ("shmctl", 396, 117, 24),
            ("shmat", 397, 117, 21),
        ],
        *[("shmdt", 398, 117, 22), ("msgget", 399, 117, 13), ("msgsnd", 400, 117, 11)],
        *[("msgrcv", 401, 117, 12), ("msgctl", 402, 117, 14)],
    ],
)
def test_a_socket_or_ipc_call_of_i386_is_denied_both_ways_and_by_its_rule(
    name: str, number: int, through: int, which: int
) -> None:
    filter_ = compiled(DENYING % name)
    assert find(name, I386).number == number
    for call in (
        Call(I386, find(name, I386), (0,) * 6),
        Call(I386, of_number(number, I386), (7,) * 6),
        Call(I386, of_number(through, I386), (which, 0, 0, 0, 0, 0)),
    ):
        decision = filter_.decide(call)
        assert (decision.errno, decision.index, decision.agrees) == ("EACCES", 0, True)
    other = filter_.decide(Call(I386, of_number(through, I386), (which + 1, 0, 0, 0, 0, 0)))
    assert (other.action, other.rule) == ("allow", None)


@pytest.mark.parametrize(
    ("native", "number"), [("s390x", 359), ("s390", 359), ("ppc", 326), ("ppc64le", 326), ("mipsle", 4183)]
)
def test_other_architectures_have_socket_both_ways_too(native: str, number: int) -> None:
    machine = arch(native)
    assert find("socket", machine).number == number
    rule = OciRule(("socket",), Action.ERRNO, 13, (Arg(1, 5, Operator.EQ),))
    filter_ = compile_filter(oci_of((rule,)), machine)
    own = filter_.decide(Call(machine, find("socket", machine), (2, 5, 0, 0, 0, 0)))
    through = filter_.decide(Call(machine, find("socketcall", machine), (1, 5, 0, 0, 0, 0)))
    assert (own.errno, own.index) == (through.errno, through.index) == ("EACCES", 0)
    assert filter_.decide(Call(machine, find("socket", machine), (2, 6, 0, 0, 0, 0))).action == "allow"


@pytest.mark.parametrize(("name", "remedy"), [("accept", "socketcall"), ("semop", "ipc"), ("vm86x", "")])
def test_a_call_that_i386_makes_only_through_another_one_names_it(name: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        find(name, I386)
    assert remedy in caught.value.remedy


def test_a_program_for_the_other_byte_order_passes_the_verifier() -> None:
    """All returns are the profile's, and every jump stays inside: the verifier has seen the whole program."""
    machine: Arch = arch("s390x")
    _, oci = default_filter("s390x")
    program = compile_program(oci, machine).program
    bpf.verify(program)
    assert RET_ALLOW in {each.k for each in program if each.code == bpf.RETURN}
    raw = bpf.encode(program, big_endian=True)
    assert bpf.decode(raw, big_endian=True) == program


@pytest.mark.parametrize("native", [name for name in SECCOMP_ARCHES if name not in KNOWN_ARCHES])
def test_an_architecture_unknown_to_the_library_is_reported(native: str) -> None:
    with pytest.raises(libseccomp.LibseccompTooOldError, match=libseccomp.version()):
        default_filter(native)


def test_a_name_that_the_library_loses_gets_no_answer() -> None:
    """The filter and the rule disagree, so there is no reliable answer."""
    machine = arch("ppc64le")
    filter_ = compile_filter(oci_of((OciRule((LOST,), Action.ERRNO, 5, ()),)), machine)
    call = Call(machine, find(LOST, machine), (0,) * 6)
    if filter_.returns(machine.audit, call.syscall.number, call.args) != RET_ALLOW:
        pytest.skip("this libseccomp has the name")
    with pytest.raises(SimulationError, match=r"0x7fff0000.*0x50005"):
        filter_.decide(call)


def test_names_go_with_numbers_on_every_architecture() -> None:
    for native in SECCOMP_ARCHES:
        machine = arch(native)
        for call in all_calls(machine):
            assert find(call.name, machine).number == call.number, (native, call)
            assert libseccomp.name(call.number, machine.token) in {call.name, None}
