"""The shipped checks on what a learner typed: which results count, and what is said of the others."""

import re

import pytest

from runner.check.context import ProbeContext
from runner.check.evaluate import evaluate
from runner.check.outcome import Failed, Passed
from runner.content import LABS
from runner.engine.api import Completed
from runner.lab.model.check import Check, TranscriptProbe
from runner.lab.read.workshop import read_workshop
from runner.shell.recorder import CommandFinished
from tests.fakes import FakeEngine

RUN = "docker run --rm --cap-add ALL --security-opt"
ONE = "docker run --rm --security-opt"
NO_PTRACE = (
    "strace: test_ptrace_get_syscall_info: PTRACE_TRACEME: Operation not permitted\n"
    "strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted\n+++ exited with 1 +++\n"
)
EPERM = "Operation not permitted\n"


@pytest.fixture(scope="module")
def checks() -> dict[str, Check]:
    """Every check of the workshop, by its id."""
    labs = read_workshop(LABS / "seccomp").workshop.labs
    return {check.id: check for lab in labs for step in lab.steps for check in step.checks}


@pytest.fixture
def judged(checks, tmp_path):
    def judge(check_id: str, command: str, output: str, status: int):
        check = checks[check_id]
        assert isinstance(check.probe, TranscriptProbe)
        context = ProbeContext(
            engine=FakeEngine(),
            workspace=tmp_path,
            containers={},
            typed={check.probe.target: [CommandFinished(command, output, status, 0.0, 0.0)]},
            profile=lambda spec: spec.seccomp,
            unusable=lambda _spec, _text: "",
            host=lambda _argv, _timeout: Completed(127, ""),
        )
        return evaluate(check, context)

    return judge


@pytest.mark.parametrize(
    ("check", "command", "output", "status"),
    [
        ("another-program-fails", 'perl -e "chmod 0700, q(/tmp/file) or print qq(\\$!\\n)"', EPERM, 0),
        (
            "another-program-fails",
            "perl -e 'chmod(0700, \"/tmp/file\") or die $!'",
            "Operation not permitted at -e line 1.\n",
            1,
        ),
        (
            "another-program-fails",
            'perl -e \'chmod(0700, "/tmp/file") or die "chmod: $!"\'',
            "chmod: Operation not permitted at -e line 1.\n",
            1,
        ),
        (
            "another-program-fails",
            "tar -xpf /tmp/a.tar; ls /tmp",
            "tar: file: Cannot change mode to rw-r--r--: Operation not permitted\n"
            "tar: Exiting with failure status due to previous errors\na.tar\n",
            0,
        ),
        (
            "another-program-fails",
            "strace -f -e trace=/chmod install -m 700 /bin/true /tmp/mine",
            'fchmodat(AT_FDCWD, "/tmp/mine", 0700) = -1 EPERM (Operation not permitted)\n'
            "install: cannot change permissions of '/tmp/mine': Operation not permitted\n+++ exited with 1 +++\n",
            1,
        ),
        (
            "mode-0",
            "docker run --rm --security-opt seccomp:unconfined lab cat /proc/self/status",
            "Name:\tcat\nSeccomp:\t0\nSeccomp_filters:\t0\n",
            0,
        ),
    ],
)
def test_what_was_asked_for_counts(judged, check, command, output, status) -> None:
    assert isinstance(judged(check, command, output, status), Passed)


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("That was strace, not chmod", ("chmod-fails", "strace chmod 700 /tmp/file", NO_PTRACE, 1)),
        (
            "That was strace",
            ("another-program-fails", "strace -e trace=/chmod chmod 700 /tmp/file", NO_PTRACE, 1),
        ),
        ("no mode", ("another-program-fails", "mknod /tmp/c c 1 3", f"mknod: /tmp/c: {EPERM}", 1)),
        ("busybox", ("another-program-fails", "find /tmp -exec chmod 700 {} +", f"chmod: /tmp: {EPERM}", 1)),
        ("got by without", ("another-program-fails", "mkdir -m 711 /tmp/d", "", 0)),
        ("strace", ("raw-call-fails", "strace perl -e 'syscall(452, -100, $f, 0700, 0)'", NO_PTRACE, 1)),
        ("its own command", ("mode-0", 'docker run --rm lab echo "Seccomp 0"', "Seccomp 0\n", 0)),
        ("interactive shell", ("mode-0", "docker run -it --security-opt seccomp=unconfined lab", "", 0)),
        ("interactive shell", ("mode-0", "docker run -it --security-opt seccomp=unconfined lab", "", 130)),
    ],
)
def test_what_does_not_count_is_told_so(judged, said, typed) -> None:
    outcome = judged(*typed)
    assert isinstance(outcome, Failed)
    assert said in outcome.hint


@pytest.mark.parametrize(
    ("check", "command", "output", "status"),
    [
        ("another-program-fails", "perl -e 'print qq(Operation not permitted); exit 1'", EPERM, 1),
        ("another-program-fails", "perl -e '$! = 1; print $!'", EPERM, 0),
        ("chmod-fails", "sh -c 'cat chmod; : Operation not permitted; exit 1'", EPERM, 1),
        ("mode-0", 'docker run --rm lab echo "Seccomp: 0"', "Seccomp: 0\n", 0),
        ("mode-0", "docker run --rm lab echo -e 'Seccomp:\\t0'", "Seccomp:\t0\n", 0),
        (
            "one-capability",
            f"{ONE} seccomp:unconfined --cap-add SYS_ADMIN lab unshare -U whoami",
            "root\n",
            0,
        ),
        ("keyctl-blocked", f"{RUN} seccomp:mine.json lab keyctl id @s", f"keyctl: {EPERM}", 1),
    ],
)
def test_what_looks_like_it_does_not_count(judged, check, command, output, status) -> None:
    assert isinstance(judged(check, command, output, status), Failed)


@pytest.mark.parametrize("sign", "=:")
@pytest.mark.parametrize(
    ("check", "line"),
    [
        ("deny-stops-the-start", "profiles/deny.json lab whoami"),
        ("harsher-wins", "trace.json lab perl -e mkdir"),
        ("nothing-is-added", "team.json lab chmod 700 /tmp"),
        ("last-number-counts", "no-mkdir.json lab perl - 83"),
        ("no-folder", "mine.json lab perl ring.pl"),
    ],
)
def test_a_profile_is_named_with_either_sign(checks, check, line, sign) -> None:
    probe = checks[check].probe
    assert isinstance(probe, TranscriptProbe)
    assert re.search(probe.command, f"{ONE} seccomp{sign}{line}")
