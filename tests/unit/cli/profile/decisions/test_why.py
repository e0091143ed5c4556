"""`runner.cli.profile.decisions.why`: the denied calls of a line, a log or a message."""

import json
from pathlib import Path

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.decisions.conftest import MOUNT, RECORD


@pytest.mark.parametrize(
    "evidence", [MOUNT, f"[pid 12<sh>] {MOUNT}", RECORD], ids=["strace", "-f -Y", "audit"]
)
def test_a_pasted_line_gets_the_rule_and_a_change(profile, evidence: str) -> None:
    code, out, _ = profile("why", evidence, "--profile", "default", "--arch", "amd64")
    assert code == ExitCode.OK
    assert "mount(" in out.splitlines()[0]
    assert "EPERM" in out.splitlines()[0]
    assert "with CAP_SYS_ADMIN" in out
    assert "workshop profile edit default --allow mount -o allowed.json" in out
    assert ("no record" in out) == (evidence != RECORD)
    assert ("The evidence has the kernel's record of it" in out) == (evidence == RECORD)


def test_a_log_is_answered_call_by_call(profile, log: Path) -> None:
    code, out, _ = profile("why", log, "--profile", "default", "--arch", "amd64")
    assert code == ExitCode.OK
    assert "seen on line 2, 2 times" in out
    assert "--allow 'personality 0x40000'" in out
    assert "Not seccomp" in out
    assert 'line 5: access("/root", R_OK) = -1 EACCES' in out


def test_json_says_the_same(profile, log: Path) -> None:
    report = json.loads(profile("why", log, "--profile", "default", "--arch", "amd64", "--json")[1])
    assert [(entry["call"]["name"], entry["count"], entry["proven"]) for entry in report["denied"]] == [
        ("mount", 2, True),
        ("personality", 1, True),
    ]
    assert [entry["evidence"]["line"] for entry in report["notSeccomp"]] == [5]
    assert report["readAs"] == "strace's log"
    assert report["change"].startswith("workshop profile edit default --allow mount")


def test_a_message_and_standard_input(profile) -> None:
    message = "OCI runtime create failed: unable to apply caps: operation not permitted: unknown\n"
    code, out, _ = profile("why", "-", "--profile", "deny", stdin=message)
    assert code == ExitCode.OK
    assert "capset" in out
    assert "edit deny --allow capset" in out


def test_a_message_of_a_killed_process_leads_to_its_call(profile) -> None:
    out = profile("why", "Bad system call (core dumped)", "--profile", "deny")[1]
    assert "`workshop profile test` names it" in out
    assert "denies n" not in out


def test_a_failure_is_counted_without_the_calls_that_passed(profile, tmp_path):
    passed = 'openat(AT_FDCWD, "/x", O_RDONLY) = 3\n'
    (tmp_path / "a.log").write_text(
        passed * 9 + 'openat(AT_FDCWD, "/y", O_RDONLY) = -1 EACCES (x)\n' + passed * 9
    )
    out = profile("why", tmp_path / "a.log", "--arch", "amd64")[1]
    assert 'line 10: openat(AT_FDCWD, "/y", O_RDONLY) = -1 EACCES' in out


def test_a_number_in_place_of_an_errors_name_is_that_error(profile, tmp_path):
    log = "".join(f"12 {call} = -1 errno=1 (Operation not permitted)\n" for call in ("mount(0)", "chmod(0)"))
    (tmp_path / "qemu.log").write_text("12 chmod(0) = 0\n" * 2 + log)
    out = profile("why", tmp_path / "qemu.log", "--arch", "amd64")[1]
    assert "mount(0) on amd64, number 165: errno EPERM" in out
    assert "went otherwise" not in out
    assert "line 4: chmod(0) = -1 errno=1" in out


@pytest.mark.parametrize(
    ("evidence", "told"),
    [
        ("gettimeofday(0x7, NULL) = -1 EPERM (Operation not permitted)", True),
        ("chronyd: clock_gettime: Operation not permitted", True),
        ("clock_gettime(CLOCK_PROCESS_CPUTIME_ID, 0x7) = -1 EPERM (Operation not permitted)", False),
        ("mount(NULL) = -1 EPERM (Operation not permitted)", False),
    ],
)
def test_a_denied_call_that_the_vdso_answers_is_said_to_be_one(profile, evidence, told):
    out = profile("why", evidence, "--profile", "deny")[1]
    assert "To allow it" in out
    assert ("Programs seldom make this call, and get the answer all the same: the vDSO" in out) == told


def test_a_line_that_a_program_printed_hides_no_denied_call(profile, tmp_path):
    lines = ['app: SYS_open("x") = 3\n', f"{MOUNT}\n"]
    for text in ("".join(lines), "".join(reversed(lines))):
        (tmp_path / "a.log").write_text(text)
        out = profile("why", tmp_path / "a.log", "--profile", "default", "--arch", "amd64")[1]
        assert "--allow 'mount'" in out
