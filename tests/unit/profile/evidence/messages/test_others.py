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
