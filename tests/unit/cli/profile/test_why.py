"""`runner.cli.profile.why`, and the other commands that take a log or a pasted line."""

import json
import shlex
from pathlib import Path

import pytest

from runner.errors import ExitCode

MOUNT = 'mount("none", "/mnt", "tmpfs", 0, NULL) = -1 EPERM (Operation not permitted)'
RECORD = 'audit: type=1326 audit(1.1:1): pid=7 comm="n" sig=0 arch=c000003e syscall=165 compat=0 ip=0x7 code=0x50001'
LOG = f"""\
12 execve("/bin/sh", ["sh"], 0x7) = 0
12 {MOUNT}
12 {MOUNT}
12 personality(PER_LINUX|ADDR_NO_RANDOMIZE) = -1 EPERM (Operation not permitted)
12 access("/root", R_OK) = -1 EACCES (Permission denied)
12 exit_group(0) = ?
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "trace.log").write_text(LOG)
    return tmp_path / "trace.log"


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


def test_a_call_that_is_younger_than_many_libraries_may_have_been_left_out(profile) -> None:
    words = ("--profile", "default", "--arch", "amd64")
    out = profile("why", "faccessat2(3) = -1 EPERM (x)", *words)[1]
    assert "Or the host's libseccomp is older than faccessat2 (2.4.4)" in out
    out = profile("why", "statx(3) = -1 EPERM (x)", *words)[1]
    assert "Or the host's libseccomp is older than statx (2.3.3)" in out
    assert "libseccomp" not in profile("why", "access(3) = -1 EPERM (x)", *words)[1]


def test_json_says_the_same(profile, log: Path) -> None:
    report = json.loads(profile("why", log, "--profile", "default", "--arch", "amd64", "--json")[1])
    assert [(entry["call"]["name"], entry["count"], entry["proven"]) for entry in report["denied"]] == [
        ("mount", 2, True),
        ("personality", 1, True),
    ]
    assert [entry["evidence"]["line"] for entry in report["notSeccomp"]] == [5]
    assert report["readAs"] == "strace's log"
    assert report["change"].startswith("workshop profile edit default --allow mount")


def test_the_change_that_is_named_works(profile, tmp_path: Path, log: Path) -> None:
    changed = tmp_path / "allowed.json"
    words = ("--allow", "mount", "--allow", "personality 0x40000", "-o", changed)
    assert profile("edit", "default", *words)[0] == ExitCode.OK
    assert "denies nothing" in profile("why", log, "--profile", changed, "--arch", "amd64")[1]


SOCKET = "socket(AF_NETLINK, SOCK_RAW, 0) = -1 EPERM"
OPERATORS = ("EQ", "GE", "LE", "GT", "LT", "NE", "MASKED_EQ")


@pytest.mark.parametrize("operator", OPERATORS)
def test_the_command_that_is_printed_works(profile, tmp_path: Path, operator: str) -> None:
    first = {
        "index": 0,
        "value": {"GT": 2, "LT": 99, "NE": 7}.get(operator, 16),
        "op": f"SCMP_CMP_{operator}",
    }
    second = {"index": 1, "value": 3, "op": "SCMP_CMP_EQ"}
    rule = {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [first | {"valueTwo": 16}, second]}
    mine, changed = tmp_path / "my.json", tmp_path / "allowed.json"
    mine.write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]}))
    out = profile("why", SOCKET, "--profile", mine)[1]
    command = next(line for line in out.splitlines() if line.startswith("To allow what was denied: "))
    words = shlex.split(command.partition("workshop profile ")[2])
    assert profile(*words[:-1], changed)[0] == ExitCode.OK
    assert "denies nothing" in profile("why", SOCKET, "--profile", changed)[1]
    assert ("That allows socket with any other arguments too" in out) is (operator != "EQ")


def test_a_profile_from_standard_input_is_read_from_there_again(profile) -> None:
    out = profile("why", MOUNT, "--profile", "-", stdin='{"defaultAction": "SCMP_ACT_ERRNO"}')[1]
    assert "To allow what was denied: workshop profile edit - --allow mount -o allowed.json\n" in out


def test_a_message_and_standard_input(profile) -> None:
    message = "OCI runtime create failed: unable to apply caps: operation not permitted: unknown\n"
    code, out, _ = profile("why", "-", "--profile", "deny", stdin=message)
    assert code == ExitCode.OK
    assert "capset" in out
    assert "edit deny --allow capset" in out


def test_the_runtimes_calls_are_allowed_but_not_reported_as_seen(profile, tmp_path: Path) -> None:
    message = "docker: Error response from daemon: cannot start a stopped process: unknown"
    out = profile("why", message, "--profile", "deny")[1]
    assert "These are the runtime's own calls that the profile denies:" in out
    assert "seen on line" not in out
    command = next(line for line in out.splitlines() if line.startswith("To allow what was denied: "))
    changed = tmp_path / "allowed.json"
    words = shlex.split(command.partition("workshop profile ")[2])
    assert profile(*words[:-1], changed)[0] == ExitCode.OK
    assert "denies nothing" in profile("why", message, "--profile", changed)[1]


def test_a_message_of_a_killed_process_leads_to_its_call(profile) -> None:
    out = profile("why", "Bad system call (core dumped)", "--profile", "deny")[1]
    assert "`workshop profile test` names it" in out
    assert "denies n" not in out


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


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "socket(AF_VSOCK, SOCK_STREAM, 0) = -1 EPERM (Operation not permitted)",
            "socket(AF_VSOCK, SOCK_STREAM, 0) on",
        ),
        (
            "clone(child_stack=0, flags=CLONE_NEWUSER|SIGCHLD) = -1 EPERM",
            "clone(child_stack=0, flags=CLONE_NEWUSER|SIGCHLD) on",
        ),
        (RECORD, "mount("),
        ("syscall_0x1b7(0xffffff9c) = -1 EPERM", "faccessat2(0xffffff9c)"),
        ("exec /bin/sh: operation not permitted", "execve("),
    ],
)
def test_explain_and_simulate_take_a_line(profile, line: str, expected: str) -> None:
    for command in ("explain", "simulate"):
        code, out, _ = profile(command, "default", line, "--arch", "amd64")
        assert code == ExitCode.OK
        assert expected in out


@pytest.mark.parametrize(
    "words", [("syscall_0x1b7",), ("SYS_439",), ("__NR_439",), ("__NR_faccessat2",), ("faccessat2 0 0",)]
)
def test_explain_takes_a_number_and_words_as_people_have_them(profile, words: tuple[str, ...]) -> None:
    assert profile("explain", "default", *words, "--arch", "amd64")[1].startswith("faccessat2(")


def test_explain_says_when_it_was_not_seccomp(profile) -> None:
    line = 'access("/root", R_OK) = -1 EACCES (Permission denied)'
    assert "not seccomp" in profile("explain", "default", line)[1]


def test_explain_names_the_place_of_the_log(profile, tmp_path: Path) -> None:
    file = tmp_path / "log.json"
    file.write_text('{"defaultAction": "SCMP_ACT_LOG"}')
    out = profile("explain", file, "mount")[1]
    assert "actions_logged" in out
    assert "SECCOMP_FILTER_FLAG_LOG" in profile("explain", "default", "mount")[1]
    assert json.loads(profile("explain", "default", "mount", "--json")[1])["log"]


def test_simulate_lists_the_denied_calls_of_a_log(profile, log: Path) -> None:
    code, out, err = profile("simulate", "default", "--calls", log, "--arch", "amd64")
    assert code == ExitCode.OK
    assert [line.split("(")[0] for line in out.splitlines()] == ["mount", "personality"]
    assert "denied: 3 calls of 2 names" in err
    report = json.loads(profile("simulate", "default", "--calls", log, "--arch", "amd64", "--json")[1])
    assert [entry["count"] for entry in report["denied"]] == [2, 1]
    assert report["names"] == ["access", "execve", "exit_group", "mount", "personality"]


def test_a_list_of_calls_goes_on_after_a_line_that_cannot_be_read(profile, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.write_text(
        "chmod /x 0777\nchmood\n# comment\nsocket(AF_VSOCK, SOCK_STREAM, 0) = 3\n\nread 3 # more\n"
    )
    code, out, err = profile("simulate", "default", "--calls", calls, "--arch", "amd64")
    assert code == ExitCode.USAGE
    assert [line.split("(")[0] for line in out.splitlines()] == ["chmod", "socket", "read"]
    assert f"{calls}:2: unknown system call 'chmood'" in err


def test_a_log_without_a_call_is_refused(profile, tmp_path: Path) -> None:
    empty = tmp_path / "empty.log"
    empty.write_text("type=SYSCALL msg=audit(1.1:1): syscall=59\n")
    assert profile("simulate", "default", "--calls", empty)[0] == ExitCode.USAGE


STRICT = """\
10:00:01.000001 prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) = 0
10:00:01.000002 write(1, "x", 1) = 1
10:00:01.000003 getpid() = ?
10:00:01.000004 +++ killed by SIGKILL +++
"""
FILTER = """\
7  seccomp(SECCOMP_SET_MODE_FILTER, 0, {len=6, filter=0x7ffd1}) = 0
7  openat(AT_FDCWD, "/y", O_RDONLY) = -1 EACCES (Permission denied)
7  openat(AT_FDCWD, "/y", O_RDONLY) = -1 EACCES (Permission denied)
7  write(1, "x", 1) = 1
7  getpid() = 39
7  +++ killed by SIGSYS (core dumped) +++
"""


def test_a_program_that_put_itself_under_seccomp_is_told_from_the_profile(profile, tmp_path):
    (tmp_path / "strict.log").write_text(STRICT)
    code, out, _ = profile("why", tmp_path / "strict.log", "--arch", "amd64")
    assert code == ExitCode.OK
    assert "default denies nothing" in out
    assert "line 3: The program had put itself into seccomp's strict mode" in out
    (tmp_path / "filter.log").write_text(FILTER)
    out = profile("why", tmp_path / "filter.log", "--arch", "amd64")[1]
    assert (
        "line 2, 2 times: openat failed with EACCES after the program had installed a seccomp filter" in out
    )
    assert (
        "line 5: The program had installed a seccomp filter of its own, beside the profile: that stopped getpid"
        in out
    )
    assert "Not seccomp" not in out
    report = json.loads(profile("why", tmp_path / "filter.log", "--arch", "amd64", "--json")[1])
    assert report["ownFilter"]
    assert [(own["name"], own["count"], own["certain"]) for own in report["own"]] == [
        ("openat", 2, False),
        ("getpid", 1, True),
    ]


def test_a_filter_of_its_own_that_stopped_nothing_is_mentioned(profile):
    out = profile("why", "seccomp(SECCOMP_SET_MODE_FILTER, 0, {len=6}) = 0", "--arch", "amd64")[1]
    assert "The program has installed a seccomp filter of its own, which can make any call fail." in out


@pytest.mark.parametrize(
    "evidence",
    [
        "7 --- SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_syscall=__NR_mkdir, si_arch=AUDIT_ARCH_X86_64} ---",
        RECORD.replace("syscall=165", "syscall=83"),
    ],
)
def test_what_seccomp_stopped_though_this_profile_allows_it_is_said(profile, evidence):
    out = profile("why", evidence, "--arch", "amd64")[1]
    assert "Seccomp stopped these, and default lets them through: another profile was in force" in out
    assert "line 1: mkdir" in out


def test_a_failure_is_counted_without_the_calls_that_passed(profile, tmp_path):
    passed = 'openat(AT_FDCWD, "/x", O_RDONLY) = 3\n'
    (tmp_path / "a.log").write_text(
        passed * 9 + 'openat(AT_FDCWD, "/y", O_RDONLY) = -1 EACCES (x)\n' + passed * 9
    )
    out = profile("why", tmp_path / "a.log", "--arch", "amd64")[1]
    assert 'line 10: openat(AT_FDCWD, "/y", O_RDONLY) = -1 EACCES' in out


ARM = RECORD.replace("c000003e", "c00000b7").replace("syscall=165", "syscall=40")


def test_a_record_of_another_machine_is_judged_as_there(profile, tmp_path):
    code, out, err = profile("why", ARM)
    assert code == ExitCode.OK
    assert "mount(…) on arm64, number 40: errno EPERM" in out
    assert "workshop profile edit default --allow mount" in out
    assert "the first records are of arm64, and all are judged as there" in err
    (tmp_path / "a.log").write_text(ARM + "\n")
    out, err = profile("simulate", "default", "--calls", tmp_path / "a.log")[1:]
    assert "on arm64, number 40: errno EPERM" in out
    assert "judged as there" in err
    assert "on arm64, number 40: errno EPERM" in profile("explain", "default", ARM)[1]


@pytest.mark.parametrize("command", [("why",), ("simulate", "default", "--calls")])
def test_later_records_of_this_machine_are_told(profile, tmp_path, monkeypatch, command):
    monkeypatch.setattr("runner.profile.evidence.reader.BLOCK", len(ARM) + 1)
    (tmp_path / "a.log").write_text(f"{ARM}\n{ARM}\n{RECORD}\n")
    err = profile(*command, tmp_path / "a.log")[2]
    assert "the first records are of arm64" in err
    assert "some records are of amd64, this machine, and not of arm64: judge those with --arch amd64" in err
    (tmp_path / "a.log").write_text(f"{ARM}\n{ARM}\n")
    assert "this machine" not in profile(*command, tmp_path / "a.log")[2]


def test_of_records_of_several_machines_each_stranger_is_named(profile):
    out, err = profile("why", f"{RECORD}\n{ARM}", "--arch", "amd64")[1:]
    assert "this is a call of another machine: judge it with --arch arm64" in out
    assert "judged as there" not in err


def test_calls_that_the_machine_lacks_are_said_not_to_be_judged(profile, tmp_path):
    (tmp_path / "a.log").write_text("set_tls(0xb6f) = 0\ncacheflush(0x1, 0x2, 0) = 0\nread(3) = 0\n")
    err = profile("why", tmp_path / "a.log", "--arch", "amd64")[2]
    assert "amd64 has no set_tls, cacheflush, which are not judged: judge them with --arch arm" in err


def test_a_number_in_place_of_an_errors_name_is_that_error(profile, tmp_path):
    log = "".join(f"12 {call} = -1 errno=1 (Operation not permitted)\n" for call in ("mount(0)", "chmod(0)"))
    (tmp_path / "qemu.log").write_text("12 chmod(0) = 0\n" * 2 + log)
    out = profile("why", tmp_path / "qemu.log", "--arch", "amd64")[1]
    assert "mount(0) on amd64, number 165: errno EPERM" in out
    assert "went otherwise" not in out
    assert "line 4: chmod(0) = -1 errno=1" in out


def test_a_refusal_that_names_no_call_leads_to_what_names_it(profile) -> None:
    code, _, err = profile("why", "PermissionError: [Errno 1] Operation not permitted: '/x'")
    assert code == ExitCode.USAGE
    assert "names no system call: line 1: PermissionError" in err
    assert "next: `workshop profile test` names the call, and so does a log: strace" in err


def test_an_edit_that_allows_a_call_with_any_arguments_says_so(profile) -> None:
    """The message shows no flags, and without them only the whole call can be allowed."""
    message = "unshare: unshare failed: Operation not permitted"
    _, out, _ = profile("why", message, "--arch", "amd64")
    unshare, clone = out.split("  clone(?)")
    assert "That allows clone with any arguments: the evidence does not show argument 0" in clone
    assert "That allows" not in unshare


def test_calls_of_32_bit_programs_are_judged_as_theirs(profile) -> None:
    words = ("--profile", "default", "--arch", "amd64")
    _, out, err = profile("why", "vm86old(0x7) = -1 EPERM (x)", *words)
    assert "vm86old(0x7) on 386, number 113: errno EPERM" in out
    assert "note: amd64 has no vm86old: judged as of its 32-bit programs (386)" in err
    out = profile("why", "socketcall(SYS_SOCKET, [AF_INET, SOCK_STREAM, 0]) = -1 EPERM (x)", *words)[1]
    assert "Not seccomp" in out


def test_a_log_without_calls_has_a_next_step_of_its_own(profile) -> None:
    err = profile("simulate", "default", "--calls", "-", "--arch", "amd64", stdin="ARM_set_tls(1) = 0\n")[2]
    assert "next: name a log of strace or of audit records" in err


@pytest.mark.parametrize(
    ("evidence", "engine"),
    [
        ("statx(1) = -1 EPERM (x)", "18.04.0, whose default was the first to allow statx"),
        (
            "make: /bin/sh: Operation not permitted",
            "20.10.0, whose default was the first to allow faccessat2",
        ),
        ("fchmodat2(1) = -1 EPERM (x)", "25.0.3, whose default was the first to allow fchmodat2"),
    ],
)
def test_an_older_engines_default_may_have_denied_what_todays_allows(
    profile, evidence: str, engine: str
) -> None:
    assert f"Or the engine is older than {engine}" in profile("why", evidence, "--arch", "amd64")[1]
    named = profile("why", evidence, "--arch", "amd64", "--engine-version", "29")[1]
    assert "the engine is older" not in named


def test_a_call_that_all_defaults_name_is_not_the_engines(profile) -> None:
    assert "engine is older" not in profile("why", "access(1) = -1 EPERM (x)", "--arch", "amd64")[1]
    assert "engine is older" not in profile("why", "mlockall(1) = -1 EPERM (x)", "--arch", "amd64")[1]


def test_a_call_that_needed_a_capability_may_be_an_older_engines_or_kernels(profile) -> None:
    seen = profile("why", "ptrace(0) = -1 EPERM (x)", "--arch", "amd64")[1]
    assert "Or the engine is older than 19.03.0, whose default was the first to allow ptrace for good" in seen
    assert "Or the kernel is older than 4.8, from which on the default allows ptrace" in seen
    handle = profile("why", "name_to_handle_at(0) = -1 EPERM (x)", "--arch", "amd64")[1]
    assert "older than 24.0.3" in handle
    assert "kernel is older" not in handle
    named = profile("why", "ptrace(0) = -1 EPERM (x)", "--arch", "amd64", "--kernel", "4.9")[1]
    assert "kernel is older" not in named


def test_a_kernel_without_the_call_is_told_from_one_that_refuses_it(profile) -> None:
    out = profile("why", "modify_ldt(1) = -1 ENOSYS (x)", "--arch", "amd64")[1]
    assert "ENOSYS: the kernel has no such call" in out
    assert "own checks" not in out
    assert "ENOSYS" not in profile("why", "access(1) = -1 EPERM (x)", "--arch", "amd64")[1]


def test_a_record_of_a_call_that_was_made_says_that_seccomp_let_it_through(profile) -> None:
    record = "type=SYSCALL msg=audit(1.1:2): arch=c000003e syscall=165 success=no exit=-1 a0=1 pid=2"
    err = profile("why", record, "--arch", "amd64")[2]
    assert "of a call that seccomp let through" in err
    assert "ausearch -m SECCOMP" in err
