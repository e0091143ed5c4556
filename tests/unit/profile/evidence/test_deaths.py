"""`runner.profile.evidence.deaths`: messages about a process that seccomp killed."""

from time import process_time

import pytest

from runner.profile.evidence import read_evidence
from runner.profile.evidence.messages import told
from tests.unit.profile.evidence.reading import AMD64


@pytest.mark.parametrize(
    "message",
    [
        "signal: bad system call (core dumped)",
        "2024/01/01 build failed: signal: bad system call",
        "nginx: [alert] 1#1: worker process 7 exited on signal 31 (core dumped)",
        "command terminated by signal 31",
        "make: *** [Makefile:3: all] Error 159",
        "make[2]: *** [x] Error 159",
        "subprocess.CalledProcessError: Command 'x' returned non-zero exit status -31.",
        "exitcode: -31",
        "process exited with status -31",
        "      Signal:       31",
        '"signal": 31,',
        "uWSGI worker 1 died, killed by signal 31 :(",
        '{"StatusCode":159}',
        "returned a non-zero code: 159",
        "zsh: invalid system call  ./x",
        'audit: type=1701 audit(1.1:1): auid=0 uid=0 pid=7 comm="a" exe="/a" sig=31 res=1',
    ],
)
def test_a_death_that_names_no_call_is_no_denial_of_one(message: str) -> None:
    found = told(message)
    assert found is not None
    assert (found.calls, found.refused) == ((), False)
    assert "killed" in found.meaning
    assert read_evidence(message, AMD64).messages


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
    "message",
    [
        "got 31 signals",
        "exited on signal 310",
        "make: *** [x] Error 1590",
        "wifi signal: 31 %",
        "received signal 31 dBm",
        "the railway signal 31 is red",
        "error code -31",
        "postcode: 159",
        "unicode 159",
        "backup finished with exit code 159 files",
        "status: 159 rows",
    ],
)
def test_other_numbers_are_no_death_by_seccomp(message: str) -> None:
    assert told(message) is None


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
    "part",
    [
        "exit",
        "make: *** ",
        "seccomp sandbox violation: ",
        "runc: not permitted ",
        "not permitted set",
        "SECCOMP auid=",
    ],
)
def test_a_line_of_any_length_takes_no_longer_for_each_character(part: str) -> None:
    def seconds(characters: int) -> float:
        begin = process_time()
        read_evidence(part * (characters // len(part)), AMD64)
        return process_time() - begin

    # The square of sixteen would be 256.
    assert min(seconds(80_000) for _ in range(2)) < 80 * max(seconds(5_000), 0.005)
