"""`runner.profile.evidence.messages.others`: what a program's own sandbox, or another security module, refused."""

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from tests.unit.profile.evidence.reading import AMD64


@pytest.mark.parametrize(
    ("message", "program", "number"),
    [
        ("x.cc:**CRASHING**:seccomp-bpf failure in syscall nr=0x3e arg1=0x1 arg2=0x2", "Chromium", 62),
        ("**CRASHING**:seccomp-bpf failure in syscall 0334", "Chromium", 334),
        ("Sandbox: seccomp sandbox violation: pid 12, tid 12, syscall 315, args 1 2.", "Firefox", 315),
        ("ssh_sandbox_violation: unexpected system call (arch:0xc000003e,syscall:302 @ 0x7f)", "sshd", 302),
    ],
)
def test_a_programs_own_sandbox_is_not_the_containers_profile(
    message: str, program: str, number: int
) -> None:
    found = told(message)
    assert found is not None
    assert f"{program}'s own sandbox stopped call number {number}" in found.meaning
    assert f"explain default {number}" in found.step
    assert read_evidence(message, AMD64).messages


@pytest.mark.parametrize(
    ("record", "module", "option"),
    [
        (
            'type=1400 audit(1.1:1): apparmor="DENIED" operation="ptrace" comm="x"',
            "AppArmor",
            "apparmor=unconfined",
        ),
        (
            'type=AVC msg=audit(1.1:1): avc:  denied  { sys_admin } for  comm="mount"',
            "SELinux",
            "label=disable",
        ),
    ],
)
def test_what_another_module_refused_is_not_seccomps(record: str, module: str, option: str) -> None:
    found = told(record)
    assert found is not None
    assert found.calls == ()
    assert found.meaning == f"{module} refused it, and not seccomp"
    assert option in found.step
    assert read_evidence(record, AMD64).messages


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("libminijail[1]: blocked syscall: ptrace", "minijail's own sandbox stopped ptrace"),
        ("(Sandbox) Caught a bad syscall attempt (syscall socket)", "Tor's own sandbox stopped socket"),
    ],
)
def test_a_sandbox_that_names_the_call(message: str, said: str) -> None:
    found = told(message)
    assert found is not None
    assert said in found.meaning
    assert "must learn it" in found.step
    assert read_evidence(message, AMD64).messages


@pytest.mark.parametrize(
    ("message", "call", "program"),
    [
        ("Unsupported syscall UNKNOWN[439/0x1b7](0xff,0x3e)", "number 439", "gVisor"),
        ("Unsupported syscall keyctl(0xf,0x3e). It is very likely", "keyctl", "gVisor"),
        ("qemu: Unsupported syscall: 435", "number 435", "QEMU"),
    ],
)
def test_a_kernel_of_another_program_denies_nothing_by_a_profile(
    message: str, call: str, program: str
) -> None:
    (reported,) = read_evidence(message, AMD64).messages
    assert reported.meaning is not None
    assert reported.meaning.calls == ()
    assert f"the call {call} is one that {program} does not have" in reported.meaning.meaning


@pytest.mark.parametrize("number", ["18446744073709551615", "4294967295", "0xffffffffffffffff"])
def test_a_call_whose_number_is_gone_was_refused_by_a_filter(number: str) -> None:
    evidence = read_evidence(f"7 syscall_{number}(0x5, 0, 0x6) = -1 (errno 1)\n7 getpid() = 7\n", AMD64)
    (reported,) = evidence.messages
    assert reported.meaning is not None
    assert "seccomp refused a call" in reported.meaning.meaning
    assert [call.name for call in evidence.calls] == ["getpid"]
    assert evidence.unused == ()
