"""The shipped checks on what a learner typed: which results count, and what is said of the others."""

import re
from collections.abc import Sequence

import pytest

from runner.check.context import ProbeContext
from runner.check.evaluate import evaluate
from runner.check.outcome import Failed, Passed
from runner.cli.main import main
from runner.content import LABS
from runner.engine.api import Completed
from runner.lab.model.check import Check, TranscriptProbe
from runner.lab.model.workshop import FileBlock
from runner.lab.read.workshop import read_workshop
from runner.profile.source.reader import read_profile
from runner.profile.source.writer import write_profile
from runner.shell.recorder import CommandFinished
from tests.fakes import FakeEngine

RUN = "docker run --rm --cap-add ALL --security-opt"
ONE = "docker run --rm --security-opt"
NO_PTRACE = (
    "strace: test_ptrace_get_syscall_info: PTRACE_TRACEME: Operation not permitted\n"
    "strace: ptrace(PTRACE_TRACEME, ...): Operation not permitted\n+++ exited with 1 +++\n"
)
EPERM = "Operation not permitted\n"
JOB = 'lab sh -c "$(cat job.sh)"'
TEST = "workshop profile test --profile profiles"
SIX = '"chmod", "fchmod", "fchmodat", "fchmodat2", "mkdir", "mkdirat"'
DENIES = '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": [%s], "action": "SCMP_ACT_ERRNO"}]}'


@pytest.fixture(scope="module")
def checks() -> dict[str, Check]:
    """Every check of the workshop, by its id."""
    labs = read_workshop(LABS / "seccomp").workshop.labs
    return {check.id: check for lab in labs for step in lab.steps for check in step.checks}


@pytest.fixture
def judged(checks, tmp_path):
    def judge(check_id: str, command: str, output: str, status: int, pipeline: tuple[int, ...] = ()):
        check = checks[check_id]
        assert isinstance(check.probe, TranscriptProbe)
        context = ProbeContext(
            engine=FakeEngine(),
            workspace=tmp_path,
            containers={},
            typed={check.probe.target: [CommandFinished(command, output, status, 0.0, 0.0, pipeline)]},
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
        ("seccomp=profiles/harsh.json", ("call-that-killed", "docker run lab strace sort /etc/group", "", 0)),
        (
            "for this kernel",
            (
                "first-kernel",
                "workshop profile simulate default ptrace --kernel 4.7",
                "ptrace() errno EPERM\n",
                0,
            ),
        ),
        ("profiles/there.json", ("failing-call", "docker run lab strace -Z busybox awk BEGIN", "", 0)),
        (
            "default-no-chmod.json",
            ("pipeline-says-no", f"{TEST}/default.json lab install -m 640 /etc/passwd /tmp/list", "", 0),
        ),
        (
            "profile of the step before",
            (
                "named-from-outside",
                f"{TEST}/harsh.json {JOB}",
                "sysinfo(0x7ffe) on amd64, number 99: kill process\n  profiles/harsh.json:4, syscalls[0].\n"
                "check FAILED: it exited with 159\n",
                1,
            ),
        ),
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


def test_a_report_whose_calls_are_cut_off_is_told_so(judged) -> None:
    end = (
        "To allow what was denied: workshop profile edit --allow getrandom\ncheck FAILED: it exited with 2\n"
    )
    cut = judged("named-from-outside", f"{TEST}/careful.json {JOB} | tail -3", end, 0, pipeline=(1, 0))
    assert isinstance(cut, Failed)
    assert "without tail" in cut.hint


@pytest.fixture
def compared(checks, tmp_path, monkeypatch, capsys):
    """The outcome of the check that compares the learner's profile with the default, for a profile's text."""
    monkeypatch.chdir(tmp_path)

    def on_host(argv: Sequence[str], _timeout: float) -> Completed:
        status = main(argv[1:])
        return Completed(status, "".join(capsys.readouterr()))

    def judge(text: str | None):
        if text is not None:
            (tmp_path / "profiles").mkdir()
            (tmp_path / "profiles/custom.json").write_text(text)
        context = ProbeContext(
            engine=FakeEngine(),
            workspace=tmp_path,
            containers={},
            typed={},
            profile=lambda spec: spec.seccomp,
            unusable=lambda _spec, _text: "",
            host=on_host,
        )
        return evaluate(checks["nothing-else-denied"], context)

    return judge


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cp profiles/allow.json profiles/custom.json"),
        ("{", "can't be read as a profile"),
        (DENIES % f'{SIX}, "umask"', "One call too many"),
        (DENIES % f'{SIX}, "fchown"', "One call too many"),
    ],
)
def test_a_profile_that_denies_too_much_is_told_from_one_that_is_not_there(compared, text, said) -> None:
    outcome = compared(text)
    assert isinstance(outcome, Failed)
    assert said in outcome.hint


@pytest.mark.parametrize("text", [DENIES % SIX, DENIES % f'{SIX}, "keyctl"'])
def test_a_profile_may_deny_what_the_default_denies(compared, text) -> None:
    assert isinstance(compared(text), Passed)


@pytest.mark.parametrize("name", ["careful", "checked", "friday"])
def test_the_difference_of_a_file_that_edit_wrote_is_the_change(name) -> None:
    blocks = [
        block
        for lab in read_workshop(LABS / "seccomp").workshop.labs
        for step in lab.steps
        for block in step.blocks
        if isinstance(block, FileBlock) and block.name == f"profiles/{name}.json"
    ]
    assert blocks
    for block in blocks:
        assert write_profile(read_profile(block.content).profile) == block.content


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
