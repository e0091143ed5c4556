"""`workshop profile simulate`: its output as text and as JSON."""

import json
from pathlib import Path

import pytest

from runner.cli.main import main
from runner.errors import ExitCode
from runner.profile import libseccomp

AMD64 = ("--arch", "amd64")


def test_simulate_names_the_action_and_the_line(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "simulate", file, "personality", "8", *AMD64]) == 0
    out = capsys.readouterr().out
    assert "allow" in out
    assert f"{file}:7, syscalls[3], because arg0 == 8" in out


def test_simulate_for_machines(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "simulate", file, "chmod", "/x", "0777", "--json", *AMD64]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["action"], answer["errno"], answer["cause"], answer["rule"]) == (
        "errno",
        "EPERM",
        "default",
        None,
    )
    assert answer["call"]["args"][1] == 0o777


def test_simulate_decides_a_file_of_calls_and_names_a_bad_line(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = tmp_path / "calls"
    calls.write_text("read 0\n# a comment\n\nchmod /x 0777\n")
    assert main(["profile", "simulate", file, "--calls", str(calls), "--json", *AMD64]) == 0
    answers = [json.loads(line)["action"] for line in capsys.readouterr().out.splitlines()]
    assert answers == ["allow", "errno"]
    calls.write_bytes(b"read\n\xff\n")
    assert main(["profile", "simulate", file, "--calls", str(calls), *AMD64]) == 2
    assert f"{calls}:2: unknown system call" in capsys.readouterr().err
    calls.write_text("read\nraed\n")
    assert main(["profile", "simulate", file, "--calls", str(calls), *AMD64]) == 2
    assert f"{calls}:2: unknown system call 'raed' (did you mean read?)" in capsys.readouterr().err


def test_a_32_bit_program_gets_its_own_tables_results(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The profile lists no architecture, so libseccomp kills 32-bit calls."""
    assert main(["profile", "simulate", file, "read", "--abi", "386", *AMD64]) == 0
    assert "kill thread" in capsys.readouterr().out


def test_without_libseccomp_the_error_names_the_package(
    file: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    caches = (
        libseccomp._library,
        libseccomp.number,
        libseccomp.name,
        libseccomp.native_number,
        libseccomp.version,
    )
    for cached in caches:
        cached.cache_clear()
    monkeypatch.setattr(libseccomp, "SONAME", "libseccomp-missing.so.0")
    try:
        assert main(["profile", "simulate", file, "read", *AMD64]) == 3
    finally:
        libseccomp._library.cache_clear()
    error = capsys.readouterr().err
    assert "libseccomp-missing.so.0" in error
    assert "apt install libseccomp2" in error


@pytest.mark.parametrize("path", ["/", "/nowhere/at/all"])
def test_a_directory_and_a_missing_file_are_errors(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "import", path]) == 2
    assert path in capsys.readouterr().err


@pytest.mark.parametrize("index", [0, 9])
def test_a_rule_with_the_defaults_action_is_left_out_whatever_its_conditions(
    profile, tmp_path, index
) -> None:
    """The runtime does not look at them: not even at an argument that no call has."""
    condition = {"index": index, "value": 1, "op": "SCMP_CMP_EQ"}
    rule = {"names": ["chmod"], "action": "SCMP_ACT_ERRNO", "args": [condition]}
    file = tmp_path / "profile.json"
    file.write_text(json.dumps({"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [rule]}))
    err = profile("simulate", file, "chmod")[2]
    assert (
        "syscalls[0] (line 1) names it with the default's own action: the runtime leaves that rule out" in err
    )
    assert "do not hold" not in err


@pytest.mark.parametrize(
    "word", ["CHMOD", "sys_chmod", "SYS_chmod", "__x64_sys_chmod", "NR_chmod", "__NR_chmod", " chmod "]
)
def test_a_call_is_named_as_headers_and_the_kernel_name_it(profile, file: str, word: str) -> None:
    code, out, _ = profile("simulate", file, word, *AMD64)
    assert code == 0
    assert out.startswith("chmod() on amd64, number 90: ")


def test_lines_that_are_no_calls_have_a_next_step(profile, file: str) -> None:
    code, out, err = profile("simulate", file, "--calls", "-", *AMD64, stdin="chmod\nno_call\n")
    assert code == 2
    assert out.startswith("chmod() on amd64")
    assert "standard input:2: unknown system call 'no_call'" in err
    assert "next: write SYSCALL [ARGUMENT…] on each line" in err


@pytest.mark.parametrize(
    ("engine", "errno"), [("20.10", "ENOSYS"), ("20", "ENOSYS"), ("20.10.24", "ENOSYS"), ("20.10.9", "EPERM")]
)
def test_a_series_of_engines_is_its_last_release_in_all_that_it_does(
    profile, engine: str, errno: str
) -> None:
    out = profile("simulate", "default", "clone3", "--engine-version", engine, *AMD64)[1]
    assert f": errno {errno} (" in out


def test_a_log_without_a_value_that_decides_is_not_said_to_pass(profile, tmp_path: Path) -> None:
    rule = {
        "names": ["ioctl"],
        "action": "SCMP_ACT_ERRNO",
        "args": [{"index": 1, "value": 7, "op": "SCMP_CMP_EQ"}],
    }
    (tmp_path / "p.json").write_text(json.dumps({"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [rule]}))
    log = "ioctl(3, TCGETS, 0x7f) = 0\nioctl(3, NEVER_HEARD, 0x7f) = 0\nread(3) = 0\n"
    words = ("simulate", tmp_path / "p.json", "--calls", "-", *AMD64)
    code, out, err = profile(*words, stdin=log)
    assert (code, out) == (0, "")
    assert "which it does not show: 1; the first, on line 2: ioctl(3, NEVER_HEARD, 0x7f) = 0" in err
    assert len(json.loads(profile(*words, "--json", stdin=log)[1])["undecided"]) == 1
    assert "does not show" not in profile(*words, stdin=log.replace("NEVER_HEARD", "TCGETS"))[2]


def test_simulate_lists_the_denied_calls_of_a_log(profile, log: Path) -> None:
    code, out, err = profile("simulate", "default", "--calls", log, "--arch", "amd64")
    assert code == ExitCode.OK
    assert [line.split("(")[0] for line in out.splitlines()] == ["mount", "personality"]
    assert "denied: 3 calls of 2 names" in err
    report = json.loads(profile("simulate", "default", "--calls", log, "--arch", "amd64", "--json")[1])
    assert [entry["count"] for entry in report["denied"]] == [2, 1]
    assert report["names"] == ["access", "execve", "exit_group", "mount", "personality"]


def test_the_number_of_one_call_is_singular(profile, tmp_path: Path) -> None:
    (tmp_path / "one.log").write_text('mount("a", "b", "c", 0, NULL) = -1 EPERM (Operation not permitted)\n')
    err = profile("simulate", "default", "--calls", tmp_path / "one.log", *AMD64)[2]
    assert "1 call of 1 name\n" in err
    assert "denied: 1 call of 1 name\n" in err


@pytest.mark.parametrize("command", ["simulate", "explain"])
def test_a_file_in_the_place_of_a_call_leads_to_its_option(profile, command: str, log: Path) -> None:
    code, out, err = profile(command, "default", log)
    assert (code, out) == (ExitCode.USAGE, "")
    assert f"{log} is a file, and no system call" in err
    assert f"workshop profile simulate default --calls {log}" in err


def test_a_list_of_calls_goes_on_after_a_line_that_cannot_be_read(profile, tmp_path: Path) -> None:
    calls = tmp_path / "calls"
    calls.write_text(
        "chmod /x 0777\nchmood\n# comment\nsocket(AF_VSOCK, SOCK_STREAM, 0) = 3\n\nread 3 # more\n"
    )
    code, out, err = profile("simulate", "default", "--calls", calls, "--arch", "amd64")
    assert code == ExitCode.USAGE
    assert [line.split("(")[0] for line in out.splitlines()] == ["chmod", "socket", "read"]
    assert f"{calls}:2: unknown system call 'chmood'" in err


def test_a_table_whose_first_column_is_the_call_is_a_log(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "table"
    table.write_text(
        "syscall  calls errors\n-------- ----- ------\nchmod        3      1\n-------- ----- ------\ntotal 3 1\n"
    )
    assert main(["profile", "simulate", file, "--calls", str(table), *AMD64]) == 0
    out, err = capsys.readouterr()
    assert out.count("chmod(") == 1
    assert "denied: 3 calls of 1 name" in err


def test_a_header_is_a_list_of_its_calls(profile, tmp_path: Path) -> None:
    header = tmp_path / "unistd_64.h"
    header.write_text("#ifndef X\n#define __NR_read 0\n/* x */\n#define __NR_mount 165\n#endif\n")
    code, out, _ = profile("simulate", "default", "--calls", header, "--arch", "amd64")
    assert code == ExitCode.OK
    assert [line.partition("(")[0] for line in out.splitlines()] == ["read", "mount"]


@pytest.mark.parametrize("text", ["", "# nothing\n\n", "#include <stdio.h>\n"])
def test_a_list_without_a_call_is_said_to_have_none(profile, text: str) -> None:
    code, out, err = profile("simulate", "default", "--calls", "-", stdin=text)
    assert (code, out) == (ExitCode.USAGE, "")
    assert "standard input: no system call in it" in err


def test_a_profile_is_no_list_of_calls(profile, file: str) -> None:
    code, out, err = profile("simulate", "default", "--calls", file)
    assert (code, out) == (ExitCode.USAGE, "")
    assert err.splitlines()[0].endswith("this is JSON, and no list of calls")
