"""`simulate`, `explain`, `import` and `export` as a user runs them: output, errors and exit codes."""

import json
from pathlib import Path

import pytest

from runner.cli.main import main
from runner.profile import libseccomp
from runner.profile.calls.groups import KNOWN

PROFILE = """{
  "defaultAction": "SCMP_ACT_ERRNO",
  "syscalls": [
    {"names": ["read", "fchmodat", "openat"], "action": "SCMP_ACT_ALLOW"},
    {"names": ["ptrace"], "action": "SCMP_ACT_KILL"},
    {"names": ["kexec_load"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0},
    {"names": ["personality"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}
  ]
}"""
AMD64 = ("--arch", "amd64")


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "p.json"
    path.write_text(PROFILE)
    return str(path)


def test_simulate_names_the_action_and_the_line(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "simulate", profile, "personality", "8", *AMD64]) == 0
    out = capsys.readouterr().out
    assert "allow" in out
    assert f"{profile}:7, syscalls[3], because arg0 == 8" in out


def test_simulate_for_machines(profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "simulate", profile, "chmod", "/x", "0777", "--json", *AMD64]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["action"], answer["errno"], answer["cause"], answer["rule"]) == (
        "errno",
        "EPERM",
        "default",
        None,
    )
    assert answer["call"]["args"][1] == 0o777


def test_simulate_decides_a_file_of_calls_and_names_a_bad_line(
    profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = tmp_path / "calls"
    calls.write_text("read 0\n# a comment\n\nchmod /x 0777\n")
    assert main(["profile", "simulate", profile, "--calls", str(calls), "--json", *AMD64]) == 0
    answers = [json.loads(line)["action"] for line in capsys.readouterr().out.splitlines()]
    assert answers == ["allow", "errno"]
    calls.write_bytes(b"read\n\xff\n")
    assert main(["profile", "simulate", profile, "--calls", str(calls), *AMD64]) == 2
    assert f"{calls}:2: unknown system call" in capsys.readouterr().err
    calls.write_text("read\nraed\n")
    assert main(["profile", "simulate", profile, "--calls", str(calls), *AMD64]) == 2
    assert f"{calls}:2: unknown system call 'raed' (did you mean read?)" in capsys.readouterr().err


def test_a_32_bit_program_gets_what_its_own_table_says(
    profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The profile lists no architecture, so libseccomp kills 32-bit calls."""
    assert main(["profile", "simulate", profile, "read", "--abi", "386", *AMD64]) == 0
    assert "kill thread" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("call", "texts"),
    [
        (
            ("chmod",),
            ("EPERM: `Operation not permitted`", "Beware: the profile lets fchmodat", "modes, owners"),
        ),
        (("ptrace",), ("SIGSYS", "status 159", "syscalls[1]")),
        (("kexec_load",), ("told that it succeeded",)),
        (
            ("personality", "9"),
            ("no rule: the default action of", "syscalls[3] names it, but its conditions do not hold"),
        ),
        (("fchmodat2",), ("ENOSYS stub",)),
        (("fchmodat",), ("Denied neighbours, which fchmodat can stand in for: chmod, fchmod",)),
    ],
)
def test_explain_tells_what_decides_and_what_is_seen(
    profile: str, call: tuple[str, ...], texts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["profile", "explain", profile, *call, *AMD64]) == 0
    out = capsys.readouterr().out
    for text in texts:
        assert text in out


def test_explain_says_that_an_empty_profile_confines_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.json"
    path.write_text("{}")
    assert main(["profile", "explain", str(path), "mount", *AMD64]) == 0
    assert "turns seccomp off" in capsys.readouterr().out


def test_without_libseccomp_the_error_names_the_package(
    profile: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
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
        assert main(["profile", "simulate", profile, "read", *AMD64]) == 3
    finally:
        libseccomp._library.cache_clear()
    error = capsys.readouterr().err
    assert "libseccomp-missing.so.0" in error
    assert "apt install libseccomp2" in error


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
def test_what_cannot_be_imported_is_exit_2_and_one_message(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad"
    path.write_bytes(content)
    assert main(["profile", "import", str(path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"workshop: {path}")
    assert "Traceback" not in error


@pytest.mark.parametrize("path", ["/", "/nowhere/at/all"])
def test_a_directory_and_a_missing_file_are_errors(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "import", path]) == 2
    assert path in capsys.readouterr().err


@pytest.mark.parametrize(
    "form", ["docker", "docker-compact", "docker-per-call", "oci", "pod", "operator", "systemd"]
)
def test_every_export_of_the_default_profile_works(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["profile", "export", "default", "--to", form, *AMD64]) == 0
    captured = capsys.readouterr()
    assert captured.out
    assert ("lost: the conditions" in captured.err) == (form == "systemd")


def test_every_known_name_is_one() -> None:
    assert {"read", "socketcall", "fchmodat2"} <= KNOWN
