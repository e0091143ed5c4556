"""Calls in every form in which strace writes them, and the lines between them that are none."""

import pytest

from runner.profile.calls.syscalls import arch
from runner.profile.evidence import EvidenceKind
from tests.unit.profile.evidence.reading import counts, read

PREFIXES = {
    "none": "",
    "-f on a terminal": "[pid 12345] ",
    "-f, small pid": "[pid    12] ",
    "-f -Y on a terminal": "[pid 12345<tokio worker 1>] ",
    "-f to a file": "12345 ",
    "-f -Y to a file": "12345<my app> ",
    "-f --decode-pids=pidns": "[pid 12345 /* 3 in strace's PID NS */] ",
    "-i": "[00007fc151643ad7] ",
    "-i without an address": "[????????????????] ",
    "-n": "[  59] ",
    "-n -i": "[  59] [00007fca2e81dad7] ",
    "-r": "     0.000123 ",
    "-t": "21:26:33 ",
    "-t -r": "21:26:33 (+     0.002418) ",
    "-tt": "21:26:33.192295 ",
    "-ttt": "1795641993.213916 ",
    "seconds": "1795641993 ",
    "nanoseconds": "21:26:33.839439643 ",
    "--secontext": "[unconfined_u:unconfined_r:unconfined_t:s0] ",
    "all at once": "21664<sh> 21:26:33.447029 (+     0.000001) [ 273] [00007f18e44f438d] ",
    "spaces": "   ",
}


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
@pytest.mark.parametrize(
    "line",
    [
        'openat(AT_FDCWD, "x", O_RDONLY) = -1 EPERM (Operation not permitted)',
        'openat(AT_FDCWD, "x", O_RDONLY)                  = -1 EPERM (Operation not permitted) <0.000012>',
    ],
    ids=["plain", "-T"],
)
def test_a_call_is_read_behind_every_prefix(prefix: str, line: str) -> None:
    evidence, (call,) = read(prefix + line + "\n")
    assert (call.name, call.args, call.errno) == ("openat", ("AT_FDCWD", '"x"', "O_RDONLY"), "EPERM")
    assert (evidence.unused_lines, evidence.lines, evidence.used) == (0, 1, {EvidenceKind.STRACE: 1})
    assert not evidence.notes


@pytest.mark.parametrize("prefix", PREFIXES.values(), ids=PREFIXES)
@pytest.mark.parametrize(
    "event",
    [
        "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=1} ---",
        "+++ exited with 0 +++",
        "+++ killed by SIGSYS (core dumped) +++",
        "+++ superseded by execve in pid 3 +++",
    ],
)
def test_straces_other_lines_are_not_evidence(prefix: str, event: str) -> None:
    evidence, seen = read(prefix + event + "\n")
    assert (seen, evidence.unused_lines, evidence.used_lines) == ([], 0, 0)


def test_messages_stacks_and_dumps_are_no_evidence() -> None:
    text = """\
strace: Process 21333 attached
Process 12 detached
 > /usr/lib/libc.so.6(__write+0x10) [0xf7000]
 > unexpected_backtracing_error [0x1]
 | 00000  68 65 6c 6c 6f 0a                                 hello.           |
) = 21333
"""
    evidence, seen = read(text)
    assert (seen, evidence.unused_lines) == ([], 0)


def test_the_output_of_the_program_among_its_calls() -> None:
    text = 'write(1, "hello\\n", 6hello\n)                  = 6\nread(3, "", 1) = 0\nplain words\n'
    assert counts(text) == {"write": 1, "read": 1}
    assert read(text)[0].unused_lines == 0


def test_sigsys_names_the_call_that_was_killed() -> None:
    text = """\
chmod("/x", 0777) = 90
--- SIGSYS {si_signo=SIGSYS, si_call_addr=0x7f, si_syscall=__NR_chmod, si_arch=AUDIT_ARCH_X86_64} ---
"""
    _, seen = read(text)
    assert [(call.name, call.action, call.times) for call in seen] == [("chmod", "", 1), ("chmod", "trap", 0)]
    assert counts(text) == {"chmod": 1}


@pytest.mark.parametrize(
    ("audit", "go"),
    [("S390X", "s390x"), ("PPC64LE", "ppc64le"), ("MIPSEL64", "mips64le"), ("X86_64", "amd64")],
)
def test_the_signal_of_seccomp_names_the_architecture(audit: str, go: str) -> None:
    _, seen = read(
        f"--- SIGSYS {{si_signo=SIGSYS, si_syscall=__NR_mount, si_arch=AUDIT_ARCH_{audit}}} ---\n",
        machine="386",
    )
    assert [(call.name, call.arch) for call in seen] == [("mount", arch(go))]
