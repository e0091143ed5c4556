"""Evidence that nothing can be answered from, and its next step."""

import json
from pathlib import Path

from runner.errors import ExitCode
from tests.unit.cli.profile.conftest import Command


def test_evidence_without_calls_is_refused(profile, tmp_path: Path) -> None:
    code, out, err = profile("why", "the weather is fine = 3", "--profile", "default")
    assert (code, out) == (ExitCode.USAGE, "")
    assert "next: give a log of strace" in err
    assert profile("why", tmp_path / "nothing.log")[0] == ExitCode.USAGE


def test_a_log_without_a_failure_is_not_said_to_have_one(profile, tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text("main thread ready\n")
    code, _, err = profile("why", tmp_path / "a.log")
    assert code == ExitCode.USAGE
    assert err.startswith(f"workshop: {tmp_path}/a.log: it mentions no system call and no known refusal\n")


def test_a_failure_without_a_call_is_quoted_once(profile, tmp_path: Path) -> None:
    said = "it says that something failed, and names no system call: line 1: x: Permission denied\n"
    assert profile("why", "x: Permission denied")[2].startswith(f"workshop: {said}")
    (tmp_path / "a.log").write_text("x: Permission denied\n")
    assert profile("why", tmp_path / "a.log")[2].startswith(f"workshop: {tmp_path}/a.log: {said}")


def test_a_refusal_that_names_no_call_leads_to_what_names_it(profile) -> None:
    code, _, err = profile("why", "PermissionError: [Errno 1] Operation not permitted: '/x'")
    assert code == ExitCode.USAGE
    assert "names no system call: line 1: PermissionError" in err
    assert "next: `workshop profile test` names the call, and so does a log: strace" in err


def test_a_record_of_a_call_that_was_made_says_that_seccomp_let_it_through(profile) -> None:
    record = "type=SYSCALL msg=audit(1.1:2): arch=c000003e syscall=165 success=no exit=-1 a0=1 pid=2"
    err = profile("why", record, "--arch", "amd64")[2]
    assert "of a call that seccomp let through" in err
    assert "ausearch -m SECCOMP" in err


def test_a_log_without_a_call_is_refused(profile, tmp_path: Path) -> None:
    empty = tmp_path / "empty.log"
    empty.write_text("type=SYSCALL msg=audit(1.1:1): syscall=59\n")
    assert profile("simulate", "default", "--calls", empty)[0] == ExitCode.USAGE


def test_a_log_without_calls_has_a_next_step_of_its_own(profile) -> None:
    err = profile("simulate", "default", "--calls", "-", "--arch", "amd64", stdin="ARM_set_tls(1) = 0\n")[2]
    assert "next: name a log of strace or of audit records" in err


def test_a_line_that_is_about_no_call_is_said_what_it_means(profile) -> None:
    status = "NoNewPrivs:\t0\nSeccomp:\t2\nSeccomp_filters:\t1\n"
    for command in (
        ("why", status),
        ("explain", "default", status),
        ("explain", "default", status, "--json"),
    ):
        code, out, _ = profile(*command)
        assert code == ExitCode.OK
        for said in ("Mode 2, filter: at least one", "no_new_privs is not set", "1 filter is in force"):
            assert said in out
    assert "under that container's profile" in profile("explain", "default", "docker exec web sh")[1]
    code, out, err = profile("simulate", "default", "Seccomp: 2")
    assert (code, out) == (ExitCode.USAGE, "")
    assert "it names no system call: mode 2" in err


def test_what_a_line_means_that_is_about_no_call_is_the_same_json_for_explain_and_why(
    profile: Command,
) -> None:
    status = "NoNewPrivs:\t0\nSeccomp:\t2\n"
    explained = json.loads(profile("explain", "default", status, "--json")[1])
    assert set(explained) == {"messages", "text"}
    answered = json.loads(profile("why", status, "--json")[1])["messages"]
    for message in answered:
        assert (message.pop("denied"), message.pop("alsoDenied")) == ([], [])
    assert explained["messages"] == answered
    assert [(message["line"], message["text"]) for message in answered] == [
        (1, "NoNewPrivs:\t0"),
        (2, "Seccomp:\t2"),
    ]
    assert explained["messages"][1]["meaning"].startswith("mode 2, filter")
    assert explained["text"][2].startswith("Mode 2, filter")
