"""`runner.cli.profile.importing`: the accepted input, the messages about it, and the refusals."""

import json
from pathlib import Path

import pytest

from runner.cli.main import main
from runner.cli.profile.importing import command
from runner.errors import ExitCode
from runner.profile.importers import FORMATS
from runner.profile.model import Action
from runner.profile.source.reader import read_profile

TRACE = 'execve("/bin/ls", ["ls"], 0x7) = 0\n[pid 12<ls>] openat(AT_FDCWD, "x") = 3\nexit_group(0) = ?\n'
TABLE = """\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 42.31    0.000011           5         2           openat
------ ----------- ----------- --------- --------- ----------------
100.00    0.000026           4         2           total
"""


def allowed(text: str) -> set[str]:
    rules = read_profile(text).profile.rules
    return {name for rule in rules if rule.action is Action.ALLOW for name in rule.names}


@pytest.fixture
def write(tmp_path: Path):
    def writes(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text)
        return tmp_path / name

    return writes


def test_it_reports_the_format_and_the_runtimes_calls(profile, write) -> None:
    code, out, err = profile("import", write("a.log", TRACE))
    assert code == ExitCode.OK
    assert allowed(out) == {"execve", "openat", "exit_group"}
    assert "read as: strace's log: 3 of 3 lines, 3 calls of 3 names" in err
    assert "these are missing: capget capset chdir" in err
    assert "--for runc" in err


def test_for_runc_adds_all_missing_calls_and_reports_them(profile, write) -> None:
    code, out, err = profile("import", write("a.log", TABLE), "--for", "runc=1.3.6")
    assert code == ExitCode.OK
    assert {"exit_group", "execve", "statx", "openat2", "capset", "futex"} <= allowed(out)
    assert "added for the runtime: " in err
    assert "missing" not in err
    assert profile("import", write("a.log", TABLE), "--for", "crun")[0] == ExitCode.USAGE


def test_a_tables_missing_exit_group_is_reported(profile, write) -> None:
    assert "never has exit_group" in profile("import", write("a.log", TABLE))[2]
    assert "never has exit_group" not in profile("import", write("b.log", TRACE + TABLE))[2]


def test_json_has_everything_in_full(profile, write) -> None:
    log = write("a.log", TRACE + "type=SYSCALL msg=audit(1.1:1): syscall=59\n")
    report = json.loads(profile("import", log, "--json")[1])
    assert report["profile"]["defaultAction"] == "SCMP_ACT_ERRNO"
    assert report["unused"] == [
        {
            "line": 4,
            "reason": "a record of type SYSCALL, not of seccomp",
            "text": "type=SYSCALL msg=audit(1.1:1): syscall=59",
        }
    ]
    assert report["unusedLines"] == 1
    assert len(report["runtime"]["missing"]) > 10
    assert report["readAs"] == ["strace's log: 3 of 4 lines, 3 calls of 3 names"]


def test_unused_lines_are_reported_with_their_numbers(profile, write) -> None:
    record = "type=SYSCALL msg=audit(1.1:1): syscall=59\n"
    err = profile("import", write("a.log", TRACE + record * 2))[2]
    assert "unused: a record of type SYSCALL, not of seccomp: lines 4, 5 (the first: type=SYSCALL" in err


def test_a_log_of_which_most_could_not_be_used_fails(profile, write) -> None:
    log = write("a.log", "read(3) = 0\n" + "app | nothing(1) = 3\n" * 3)
    code, out, err = profile("import", log)
    assert (code, out) == (ExitCode.USAGE, "")
    assert "3 of 4 lines could not be used" in err


def test_records_of_other_kinds_are_reported_and_do_not_fail(profile, write) -> None:
    other = "type=SYSCALL msg=audit(1.1:1): arch=c000003e syscall=59 success=yes\n"
    seccomp = "type=SECCOMP msg=audit(1.1:1): arch=c000003e syscall=90 code=0x50001\n"
    code, out, err = profile("import", write("a.log", (seccomp + other * 2) * 3))
    assert (code, allowed(out)) == (ExitCode.OK, {"chmod"})
    assert "unused: a record of type SYSCALL, not of seccomp: lines 2, 3, 5, 6, 8, 9" in err


def test_several_logs_are_one_profile(profile, write) -> None:
    first, second = write("t.1", TRACE), write("t.2", "chmod(1) = 0\n")
    code, out, err = profile("import", first, second)
    assert (code, allowed(out)) == (ExitCode.OK, {"execve", "openat", "exit_group", "chmod"})
    assert f"read {second} as: " in err


def test_one_bad_file_among_several_does_not_end_the_others(profile, write) -> None:
    code, out, err = profile(
        "import", write("t.1", TRACE), write("bad", "%%%\n"), write("none", TRACE).parent / "x"
    )
    assert code == ExitCode.USAGE
    assert allowed(out) == {"execve", "openat", "exit_group"}
    assert err.count("error: ") == 2


def test_a_profile_of_several_is_picked_by_name(profile, write) -> None:
    manifest = "kind: SeccompProfile\nmetadata: {{name: {0}}}\nspec: {{defaultAction: SCMP_ACT_{1}}}\n"
    file = write("two.yaml", manifest.format("a", "ERRNO") + "---\n" + manifest.format("b", "LOG"))
    code, out, err = profile("import", file)
    assert (code, out) == (ExitCode.USAGE, "")
    assert "holds 2 profiles: a; b" in err
    assert '"SCMP_ACT_LOG"' in profile("import", file, "--name", "b")[1]
    assert '"SCMP_ACT_LOG"' in profile("import", f"{file}#b")[1]
    assert profile("import", file, "--name", "c")[0] == ExitCode.USAGE


def test_several_profiles_after_each_other_are_picked_from_too(profile, write) -> None:
    file = write("two.json", '{"defaultAction": "SCMP_ACT_ERRNO"}\n{"defaultAction": "SCMP_ACT_LOG"}\n')
    code, _, err = profile("import", file)
    assert code == ExitCode.USAGE
    assert "holds 2 profiles: document 1; document 2" in err
    assert '"SCMP_ACT_LOG"' in profile("import", f"{file}#document 2")[1]


@pytest.mark.parametrize(
    "service",
    [
        "\n    security_opt: [seccomp:./p.json]",
        "{image: nginx, security_opt: ['seccomp:./p.json']}",
        "{security_opt: ['seccomp:./p.json']}",
    ],
)
def test_a_compose_file_leads_to_the_profile_beside_it(profile, write, service) -> None:
    write("p.json", '{"defaultAction": "SCMP_ACT_LOG"}')
    file = write("compose.yml", f"services:\n  app: {service}\n")
    code, out, err = profile("import", file)
    assert (code, json.loads(out)["defaultAction"]) == (ExitCode.OK, "SCMP_ACT_LOG")
    assert "p.json, which services.app.security_opt[0] names" in err


def test_a_file_that_is_named_and_missing_is_not_taken_for_the_one_that_names_it(profile, write) -> None:
    file = write("compose.yml", "services:\n  app:\n    security_opt: [seccomp:./gone.json]\n")
    code, _, err = profile("import", file)
    assert code == ExitCode.USAGE
    assert f"gone.json: there is no such file; services.app.security_opt[0] of {file} names it" in err


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("secomp=my.json", "no security option 'secomp' (did you mean seccomp?)"),
        ("seccomp={{ .Values.profile }}", "has a placeholder for its profile"),
    ],
)
def test_an_option_that_gives_no_profile_is_refused_with_its_reason(profile, write, option, said) -> None:
    holder = write("compose.yml", f'services: {{app: {{security_opt: ["{option}"]}}}}')
    code, _, err = profile("import", holder)
    assert code == ExitCode.USAGE
    assert said in err


def test_numbers_are_those_of_the_named_architecture(profile, write) -> None:
    log = write("a.log", "read(3) = 0\nsyscall_0x193(0) = 0\n")
    assert (
        "amd64 has no system call 403; on 386 it is clock_gettime64"
        in profile("import", log, "--arch", "amd64")[2]
    )
    assert allowed(profile("import", log, "--arch", "386")[1]) == {"read", "clock_gettime64"}


def test_a_log_longer_than_any_text_is_read_as_a_stream(profile, write, monkeypatch) -> None:
    monkeypatch.setattr("runner.profile.importers.imported.MAX_CHARACTERS", 1000)
    log = write("a.log", TRACE + "read(3) = 0\n" * 40_000)
    code, out, err = profile("import", log)
    assert (code, allowed(out)) == (ExitCode.OK, {"execve", "openat", "exit_group", "read"})
    assert "40,003 calls of 4 names" in err


def test_standard_input_and_a_byte_order_mark(profile) -> None:
    assert allowed(profile("import", "-", stdin="\ufeff" + TRACE)[1]) == {"execve", "openat", "exit_group"}
    assert profile("import", "-", "-", stdin=TRACE)[0] == ExitCode.USAGE


def test_import_prints_a_profile_and_says_notes_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "names"
    path.write_text("read\nraed\n")
    assert main(["profile", "import", str(path)]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)["syscalls"] == [{"names": ["raed", "read"], "action": "SCMP_ACT_ALLOW"}]
    assert "line 2" in captured.err


@pytest.mark.parametrize("content", [b"\xff\xfe", b"read\0", b"", b"Read-Only!\n", b"2\nallowlist\n?\n"])
def test_an_impossible_import_is_exit_2_with_one_message(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad"
    path.write_bytes(content)
    assert main(["profile", "import", str(path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"workshop: {path}")
    assert "Traceback" not in error


@pytest.mark.parametrize("command", ["import", "lint", "show"])
def test_a_file_in_which_seccomp_is_off_is_told_who_has_it_off(command, tmp_path, capsys):
    path = tmp_path / "compose.yaml"
    path.write_text(
        "services:\n"
        "  web:\n    image: nginx\n    security_opt: [seccomp=unconfined]\n"
        "  db:\n    image: postgres\n    privileged: true\n"
    )
    assert main(["profile", command, str(path)]) == ExitCode.USAGE
    said = "".join(capsys.readouterr())
    assert "web has seccomp=unconfined (line 4)" in said
    assert "db has privileged: true (line 7)" in said
    assert "`default`" in said
    assert "holds no profile" not in said


def test_a_comment_in_another_encoding_does_not_end_the_import(profile, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_bytes("read\nwrite # für\n".encode("latin-1"))
    code, out, _ = profile("import", names)
    assert code == ExitCode.OK
    assert json.loads(out)["syscalls"][0]["names"] == ["read", "write"]


def test_a_runtimes_version_is_corrected_where_it_was_given(profile, write) -> None:
    for words in (
        ("import", write("a.log", TABLE), "--for", "runc=new"),
        ("edit", "default", "--allow", "@runc=new"),
    ):
        code, out, err = profile(*words)
        assert (code, out) == (ExitCode.USAGE, "")
        assert err == "workshop: 'new' is not a version\n  next: write it as runc=1.1.5\n"


def test_a_log_of_no_use_is_no_profile_to_correct(profile, write) -> None:
    code, _, err = profile("import", write("a.log", "syscall_99999999999999999999(1) = 1\n"))
    assert code == ExitCode.USAGE
    assert err.endswith("next: check the file, or name its format with --from\n")


def test_a_description_of_an_object_is_no_list_of_names(profile) -> None:
    text = (
        "Name:         web\nAnnotations:  syscalls:\n"
        '                [{"names":["accept4","bind","chdir","clone","exit_gr...\nAPI Version:  x/v1\n'
    )
    code, out, errors = profile("import", "-", stdin=text)
    assert (code, out) == (2, "")
    assert "-o yaml" in errors


def test_a_description_of_a_pod_still_tells_what_failed(profile) -> None:
    text = (
        "Name:         web\nNamespace:    default\nNode:         n1\nEvents:\n"
        "  Warning  Failed  kubelet  Error: cannot load seccomp profile "
        '"/var/lib/kubelet/seccomp/a.json": open /var/lib/kubelet/seccomp/a.json: no such file or directory\n'
    )
    code, out, _ = profile("why", "-", stdin=text)
    assert code == 0
    assert "below the kubelet's folder seccomp" in out


def test_rules_alone_are_told_from_a_file_without_a_profile(profile) -> None:
    code, _, errors = profile("import", "-", stdin='[{"names": ["clone"], "action": "SCMP_ACT_ALLOW"}]')
    assert code == 2
    assert "these are rules alone" in errors


def test_each_format_that_can_be_read_can_be_named() -> None:
    assert set(command._FORMS) == {"auto", *FORMATS}


def test_dockers_own_name_is_led_to_the_format_that_reads_it(profile) -> None:
    code, _, err = profile("import", "default", "--from", "docker")
    assert (code, "write --from podman" in err) == (ExitCode.USAGE, True)
