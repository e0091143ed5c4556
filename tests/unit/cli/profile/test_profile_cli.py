"""`workshop profile …` as users see it: output, exit codes, errors, and imported modules."""

import io
import json
import os
import subprocess
import sys

import pytest

from runner.content import PROFILES
from runner.errors import ExitCode

DENY_CHMOD = (
    '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"name": "chmod", "action": "SCMP_ACT_ERRNO"}]}'
)
COMMANDS = {
    "lint": ["lint", "FILE"],
    "show": ["show", "FILE"],
    "resolve": ["resolve", "FILE"],
    "diff": ["diff", "FILE", "default"],
    "edit": ["edit", "FILE"],
    "simulate": ["simulate", "FILE", "chmod"],
    "explain": ["explain", "FILE", "chmod"],
    "export": ["export", "FILE", "--to", "oci"],
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "p.json"
    path.write_text(DENY_CHMOD)
    return path


def test_resolve_prints_the_oci_object(profile):
    words = ("--caps", "CAP_SYS_CHROOT", "--arch", "amd64", "--kernel", "6.18", "--json")
    code, out, err = profile("resolve", PROFILES / "default.json", *words)
    oci = json.loads(out)
    assert (code, err) == (ExitCode.OK, "")
    assert oci["architectures"] == ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]
    assert any(rule["names"] == ["chroot"] for rule in oci["syscalls"])
    assert not any("unshare" in rule["names"] for rule in oci["syscalls"])
    assert profile("resolve", "default", *words)[1] == out


def test_all_capabilities_are_those_that_the_engine_knows(profile):
    names = {}
    for version in ("20.10", "28.5.2"):
        oci = json.loads(
            profile("resolve", "default", "--caps", "all", "--json", "--engine-version", version)[1]
        )
        names[version] = [rule["names"] for rule in oci["syscalls"]]
    assert ["bpf"] in names["28.5.2"]
    assert ["bpf"] not in names["20.10"]


def test_an_empty_profile_resolves_to_null(profile, tmp_path):
    (tmp_path / "empty.json").write_text("{}")
    assert profile("resolve", tmp_path / "empty.json", "--json") == (ExitCode.OK, "null\n", "")


def test_lint_reports_place_and_fault(profile, file):
    code, out, _ = profile("lint", file, "--arch", "amd64", "--select", "ways-around,legacy-name")
    assert code is ExitCode.FAILED
    assert out.splitlines() == [
        f"{file}:1:59: high: chmod is denied, but fchmod fchmodat fchmodat2 can do the same [ways-around]",
        f"{file}:1:59: info: 'name' is the form of before Docker 1.13 [legacy-name]",
    ]
    assert profile("lint", file, "--strict")[0] is ExitCode.FAILED
    assert profile("lint", file, "--strict", "--select", "legacy-name")[0] is ExitCode.OK
    assert profile("lint", "deny")[0] is ExitCode.FAILED


@pytest.mark.parametrize(
    ("severity", "least"),
    [("error", "e"), ("high", "eh"), ("medium", "ehm"), ("info", "ehmi"), ("never", "")],
)
def test_the_failing_severity_can_be_chosen(profile, tmp_path, severity, least):
    """One finding of each severity in a separate file; by default, high and worse ones fail."""
    allow = {"defaultAction": "SCMP_ACT_ALLOW"}
    deny = {"names": ["mseal"], "action": "SCMP_ACT_ERRNO"}
    contents = {
        "e": {**allow, "flags": ["X"]},
        "h": {**allow, "syscalls": [{**deny, "names": ["fsync"], "errnoRet": 0}]},
        "m": {**allow, "syscalls": [{**deny, "action": "SCMP_ACT_TRACE"}]},
        "i": {**allow, "syscalls": [deny, {"names": ["fsync"], "action": "SCMP_ACT_ALLOW"}]},
    }
    codes = {}
    for name, content in contents.items():
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(content))
        codes[name] = profile("lint", path, "--arch", "amd64", "--fail-on", severity)[0]
    assert "".join(name for name, code in codes.items() if code is ExitCode.FAILED) == least
    assert profile("lint", tmp_path / "h.json")[0] is ExitCode.FAILED
    assert profile("lint", tmp_path / "m.json")[0] is ExitCode.OK
    assert profile("lint", tmp_path / "m.json", "--strict")[0] is ExitCode.FAILED


def test_the_default_profile_and_its_edits_pass(profile, tmp_path):
    assert profile("lint", "default", "default-no-chmod", "--arch", "amd64", "--strict")[:2] == (
        ExitCode.OK,
        "",
    )
    code, out, _ = profile("lint", "allow", "--arch", "amd64")
    assert code is ExitCode.OK
    assert out.splitlines()[0].endswith("[denies-nothing]")
    made = tmp_path / "made.json"
    profile("edit", "default", "--deny", "chmod", "-o", made)
    assert profile("lint", made, "--arch", "amd64")[0] is ExitCode.OK


def test_a_denial_behind_the_default_profile_does_nothing_and_fails(profile, tmp_path):
    path = tmp_path / "p.json"
    content = json.loads((PROFILES / "default.json").read_text())
    content["syscalls"].append({"names": ["chmod"], "action": "SCMP_ACT_ERRNO"})
    path.write_text(json.dumps(content))
    code, out, _ = profile("lint", path, "--arch", "amd64")
    assert code is ExitCode.FAILED
    assert "chmod is denied here, but line 1 has it allowed, and that rule wins" in out
    assert "edit --deny chmod" in out


def test_lint_as_json_and_sarif(profile, file):
    found = json.loads(profile("lint", file, "deny", "--json")[1])["profiles"]
    assert [entry["profile"] for entry in found] == [str(file), "deny"]
    last = found[0]["findings"][-1]
    assert (last["rule"], last["severity"], last["line"], last["column"]) == ("legacy-name", "info", 1, 59)
    (run,) = json.loads(profile("lint", file, "--format", "sarif")[1])["runs"]
    described = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert described[result["ruleIndex"]] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1


def test_lint_fixes_a_file_in_place(profile, file):
    profile("lint", file, "--fix")
    assert file.read_text() == DENY_CHMOD.replace('"name": "chmod"', '"names": ["chmod"]')


def test_lint_reports_its_fixes_and_leaves_built_in_profiles_alone(profile, file):
    assert profile("lint", file, "--fix")[2].startswith(f"{file}: fixed\n")
    assert profile("lint", file, "--fix")[2].startswith(
        f"{file}: unchanged, nothing here has a certain remedy\n"
    )
    code, _, err = profile("lint", "default", "--fix")
    assert code is ExitCode.USAGE
    assert "workshop profile edit default -o default.json" in err


def test_options_may_stand_between_the_words(profile, file):
    _, out, _ = profile("simulate", "default", "--caps", "all", "clone", "--arch", "amd64", "CLONE_NEWUSER")
    assert "clone(0x10000000) on amd64, number 56: allow" in out
    assert profile("lint", "allow", "--strict", "--select", "legacy-name", file)[1].startswith(str(file))


@pytest.mark.parametrize(
    "words",
    [
        ["diff", "-", "-"],
        ["lint", "-", "default", "-"],
        ["edit", "-", "--merge", "union", "--with", "-"],
        ["simulate", "-", "--calls", "-"],
    ],
)
def test_standard_input_is_one_input_only(profile, words):
    code, out, err = profile(*words)
    assert (code, out) == (ExitCode.USAGE, "")
    assert "standard input is named more than once" in err


@pytest.mark.parametrize("words", [["lint", "-"], ["import", "-"], ["simulate", "default", "--calls", "-"]])
def test_without_standard_input(profile, words, monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    code, out, err = profile(*words)
    assert (code, out) == (ExitCode.USAGE, "")
    assert "standard input is closed" in err


def test_diff_reads_standard_input_once_for_all_targets(profile, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DENY_CHMOD.encode())))
    code, out, _ = profile("diff", "-", "allow", "--arch", "amd64", "--arch", "386", "--caps", "all")
    assert code is ExitCode.FAILED
    assert out.count("fchmod") == 0
    assert out.count("  chmod: EPERM → allow") == 2


def test_import_takes_a_built_in_profile(profile):
    code, out, err = profile("import", "default")
    assert (code, err) == (ExitCode.OK, "read as: a profile in Docker's or Podman's format\n")
    assert out == (PROFILES / "default.json").read_text()


def test_lint_explains_its_rules(profile):
    assert "io_uring" in profile("lint", "--explain", "ways-around")[1]
    rules = json.loads(profile("lint", "--explain", "all", "--json")[1])
    assert {"rule", "severity", "explanation"} == set(rules[0])
    code, _, err = profile("lint", "--explain", "ways-round")
    assert code is ExitCode.USAGE
    assert "did you mean ways-around?" in err


def test_show(profile):
    _, out, _ = profile("show", "default", "--arch", "amd64")
    assert "clone: allow if (arg0 & 0x7e020000) == 0; else EPERM" in out
    groups = json.loads(profile("show", "default", "--json", "--caps", "all")[1])["groups"]
    assert {"mount": "allow"}.items() <= next(
        group["calls"] for group in groups if group["id"] == "mounts"
    ).items()
    matrix = json.loads(profile("show", "default", "--matrix", "--json")[1])["capabilities"]
    assert {"caps": ["CAP_SYS_CHROOT"], "calls": {"chroot": "allow"}} in matrix
    assert "CAP_SYS_CHROOT\n  chroot\n" in profile("show", "default", "--matrix")[1]


def test_diff_exits_with_1_on_a_difference(profile):
    assert profile("diff", "default", "default")[:2] == (ExitCode.OK, "")
    code, out, _ = profile("diff", "default", "default-no-chmod")
    assert code is ExitCode.FAILED
    assert out.splitlines()[:2] == ["Only the first profile allows:", "  chmod: allow → EPERM"]
    words = ("--json", "--caps", "default", "--caps", "all", "--arch", "amd64", "--arch", "arm64")
    targets = json.loads(profile("diff", "default", "default-no-chmod", *words)[1])["targets"]
    assert [len(target["calls"]) for target in targets] == [4, 4, 4, 4]
    assert "default action: EPERM → " in profile("diff", "default", "allow")[1]


def test_edit_generates_default_no_chmod(profile, tmp_path):
    out = tmp_path / "out.json"
    profile("edit", "default", "--remove", "chmod,fchmod", "--remove", "fchmodat fchmodat2", "-o", out)
    assert out.read_text() == (PROFILES / "default-no-chmod.json").read_text()


def test_edit_replaces_a_file_but_neither_a_link_nor_a_pipe(profile, file, tmp_path):
    """`-o /dev/stdout` must not put a file in the device's place."""
    link, pipe = tmp_path / "link", tmp_path / "pipe"
    file.chmod(0o640)
    link.symlink_to(file)
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        written = profile("edit", "allow", "-o", pipe), profile("edit", "allow", "-o", link)
        assert written == ((ExitCode.OK, "", ""), (ExitCode.OK, "", f"{link}: overwritten\n"))
        assert os.read(reader, 1000).decode() == file.read_text()
    finally:
        os.close(reader)
    assert link.is_symlink()
    assert pipe.is_fifo()
    assert file.stat().st_mode & 0o777 == 0o640


def test_edit_chain(profile, file):
    code, out, _ = profile(
        *("edit", file, "--merge", "union", "--with", "allow", "--action", "errno", "--errno", "ENOSYS"),
        *("--deny", "mkdir", "--allow", "read"),
    )
    assert code is ExitCode.OK
    assert json.loads(out) == {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": 38,
        "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}],
    }


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["edit", "default", "--deny", "chmodd"], "did you mean chmod?"),
        (["edit", "default", "--action", "nothing"], "unknown action"),
        (["edit", "default", "--errno", "5000", "--deny", "chmod"], "not an errno"),
        (["edit", "default", "--merge", "union"], "go together"),
        (["resolve", "default", "--arch", "vax"], "unknown architecture"),
        (["resolve", "default", "--kernel", "six"], "not a version"),
        (["resolve", "default", "--caps", "SYS_ADMIM"], "did you mean CAP_SYS_ADMIN?"),
        (["lint", "default", "--select", "x"], "no lint rule"),
        (["lint"], "no profile is named"),
        (["lint", "default", "--runtime", "new"], "--runtime 1.1.5"),
        (["resolve", "default", "--kernel", "6"], "--kernel 6.18"),
        (["explain", "default"], "no system call is named"),
        (["simulate", "default", "chmod", "0", "08"], "'08' is neither a number"),
        (["simulate", "default", "chmod", "--calls", "-"], "leave one of them out"),
    ],
)
def test_mistakes_in_options_are_usage_errors(profile, words, said):
    code, out, err = profile(*words)
    assert (code, out) == (ExitCode.USAGE, "")
    assert said in err


@pytest.fixture(params=["missing", "directory", "unreadable", "huge", "not JSON", "binary", "odd name"])
def bad(request, tmp_path):
    """A path that is not a profile, and the expected message."""
    path = tmp_path / "bad.json"
    match request.param:
        case "directory":
            return tmp_path, "directory"
        case "unreadable":
            if os.geteuid() == 0:
                return "/proc/self/mem", "cannot be read"
            path.touch(mode=0)
            return path, "cannot be read"
        case "huge":
            path.touch()
            os.truncate(path, 100 << 20)
            return path, "larger than 1 MiB"
        case "not JSON":
            path.write_text("{\n  // comment\n}")
            return path, f"{path}:2:3: JSON has no comments"
        case "binary":
            path.write_bytes(bytes(range(256)))
            return path, f"{path}:1:1"
        case "odd name":
            return "a\0b", "cannot be read"
        case _:
            return path, "no such file"


@pytest.mark.parametrize("command", COMMANDS)
def test_bad_files_are_one_clear_message_and_exit_code_2(profile, command, bad):
    path, said = bad
    code, out, err = profile(*(path if word == "FILE" else word for word in COMMANDS[command]))
    # For the linter it is a finding beside others, which are data.
    told, other = (out, err) if command == "lint" else (err, out)
    assert (code, other) == (ExitCode.USAGE, "found: 1 error\n" if command == "lint" else "")
    assert said in told.replace(": error: ", ": ")
    assert len(told.splitlines()) <= 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_reads_standard_input(profile, command, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DENY_CHMOD.encode())))
    code, out, _ = profile(*("-" if word == "FILE" else word for word in COMMANDS[command]))
    assert code in {ExitCode.OK, ExitCode.FAILED}
    assert "chmod" in out


@pytest.mark.parametrize(
    "words", [["--help"], ["lint", "default"], ["show", "default"], ["diff", "default", "deny"]]
)
def test_profile_commands_import_neither_docker_nor_textual(words):
    program = """import sys
from runner.cli.main import main
try: main(["profile", *sys.argv[1:]])
except SystemExit: pass
heavy = {"docker", "textual", "rich", "yaml", "markdown_it", "pexpect", "dataclasses_json"} & set(sys.modules)
sys.exit(f"imported {heavy}" if heavy else 0)"""
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
