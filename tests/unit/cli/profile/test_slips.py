"""Messages of the profile commands on unknown words, and on equal profiles."""

import gzip
import os

import pytest

from runner.cli.main import main
from runner.errors import ExitCode


def test_an_unknown_engine_is_reported(profile) -> None:
    code, _, err = profile("show", "default@99.1")
    assert code == ExitCode.OK
    assert "note: default@99.1: no such engine is known; this is the default of 29" in err
    assert profile("show", "default@28")[2] == ""


@pytest.mark.parametrize(
    "words",
    [
        ("simulate", "default", "chmod", "--caps", "FOO"),
        ("simulate", "default", "chmod", "99999999999999999999999"),
        ("simulate", "default", "99999999999"),
        ("edit", "default", "--deny", "chmd"),
        ("edit", "default", "--deny", "chmod 1 2 3 4 5 6 7"),
    ],
)
def test_an_unknown_word_gets_a_next_step(profile, words: tuple[str, ...]) -> None:
    code, _, err = profile(*words)
    assert code == ExitCode.USAGE
    assert "\n  next: " in err


def test_what_was_written_is_told(profile, tmp_path) -> None:
    new = tmp_path / "new.json"
    assert profile("edit", "default", "--deny", "chmod", "--allow", "mount", "-o", new)[1:] == (
        "",
        f"{new}: written: denied chmod; allowed mount\n",
    )
    assert (
        profile("edit", new, "--deny", "chmod", "-o", new)[2]
        == f"{new}: overwritten: denied chmod, as before\n"
    )
    assert profile("export", "allow", "--to", "docker", "-o", new)[2] == f"{new}: overwritten\n"
    assert profile("resolve", "allow", "-o", new)[2] == f"{new}: overwritten\n"
    assert f"{new}: overwritten\n" in profile("import", "allow", "-o", new)[2]
    assert profile("edit", "allow", "--deny", "chmod")[2] == ""


def test_equal_profiles_are_reported_as_equal(profile) -> None:
    code, out, err = profile("diff", "default", "default")
    assert (code, out, err) == (ExitCode.OK, "", "default and default decide the same\n")


@pytest.mark.parametrize(
    ("slip", "meant"), [("defaul", "default"), ("al", "all"), ("SYS_ADMN", "CAP_SYS_ADMIN")]
)
def test_a_slip_in_capabilities_leads_to_a_suggestion(profile, slip: str, meant: str) -> None:
    code, _, err = profile("show", "default", "--caps", slip)
    assert code == ExitCode.USAGE
    assert f"did you mean {meant}?" in err


def test_the_rules_are_listed_on_short_lines(profile) -> None:
    err = profile("lint", "--explain", "way-around")[2]
    assert "did you mean ways-around?" in err
    assert max(map(len, err.splitlines())) <= 100


def test_import_also_reports_an_unknown_engine(profile) -> None:
    code, out, err = profile("import", "default@24.5")
    assert code == ExitCode.OK
    assert out == profile("import", "default@24")[1]
    assert err.splitlines() == [
        "note: default@24.5: no such engine is known; this is the default of 24.0.3, the nearest before it",
        "read as: the default profile of Docker Engine 24.5, which came with 24.0.3",
    ]


def test_import_accepts_the_same_values_as_the_option(profile) -> None:
    assert profile("import", "seccomp=default@24")[1] == profile("import", "default@24")[1]
    assert profile("import", 'seccomp={"defaultAction": "SCMP_ACT_ALLOW"}')[0] == ExitCode.OK
    code, _, err = profile("import", "seccomp=unconfined")
    assert code == ExitCode.USAGE
    assert "seccomp=unconfined: this turns seccomp off" in err


@pytest.mark.parametrize("words", [("import",), ("lint",), ("why",), ("simulate", "default", "--calls")])
def test_a_compressed_file_is_said_to_be_one(profile, tmp_path, words) -> None:
    file = tmp_path / "log.gz"
    file.write_bytes(gzip.compress(b"read(3) = 0\n"))
    code, out, err = profile(*words, str(file))
    assert code == ExitCode.USAGE
    assert f"this is compressed with gzip; give what `gzip -dc {file}` prints, as -" in out + err.replace(
        "\n  next: ", "; "
    )


def test_one_profile_after_another_is_no_profile(profile, tmp_path) -> None:
    file = tmp_path / "two.json"
    file.write_text('{"defaultAction": "SCMP_ACT_ALLOW"}\n{"defaultAction": "SCMP_ACT_LOG"}\n')
    code, out, _ = profile("lint", str(file))
    assert code == ExitCode.USAGE
    assert f"{file}:2:1: error: " in out
    assert "[not-json]" in out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("why", "recrod.log", "--profile", "default"), "a log"),
        (("simulate", "default", "--calls", "recrod.log"), "a list of calls"),
        (("generate", "--from", "recrod.log"), "a log"),
        (("import", "recrod.log"), "a file"),
        (("show", "recrod.log"), "a file"),
    ],
)
def test_a_missing_file_is_named_with_what_may_be_named_instead(
    profile, tmp_path, monkeypatch, words, offered
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "record.log").write_text("read(3) = 0\n")
    code, out, err = profile(*words)
    assert (code, out) == (ExitCode.USAGE, "")
    assert "recrod.log: there is no such file (did you mean record.log?)" in err
    assert f"next: name {offered}" in err
    assert ("default-no-chmod" in err) == (words[0] == "show")


@pytest.mark.parametrize(
    "words",
    [
        ("import", "default"),
        ("import", "default", "--json"),
        ("edit", "default"),
        ("export", "default", "--to", "docker"),
        ("export", "default", "--to", "oci", "--json"),
        ("resolve", "default"),
    ],
)
def test_whatever_prints_a_profile_also_writes_it_to_a_file(profile, tmp_path, words) -> None:
    printed = profile(*words)[1]
    code, out, err = profile(*words, "-o", tmp_path / "x.json")
    assert (code, out) == (ExitCode.OK, ""), err
    assert (tmp_path / "x.json").read_text() == printed
    code, _, err = profile(*words, "-o", tmp_path / "nowhere" / "x.json")
    assert code == ExitCode.USAGE
    assert "there is no folder" in err


@pytest.mark.parametrize("command", ["explain", "simulate"])
def test_only_what_is_needed_is_missed(command, capsys):
    with pytest.raises(SystemExit):
        main(["profile", command])
    assert capsys.readouterr().err.endswith("the following arguments are required: PROFILE\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("trace --pid 1 --merge missing", "missing: there is no such file"),
        ("trace --pid 1 --merge -", "standard input: not a trace"),
        ("generate --from -", "standard input: no system call in it"),
    ],
)
def test_an_earlier_trace_that_is_none_is_asked_for_by_what_it_is(words, said, capsys, monkeypatch):
    with open(os.devnull, encoding="utf-8") as nothing:  # noqa: PTH123 - as a stream
        monkeypatch.setattr("sys.stdin", nothing)
        assert main(["profile", *words.split()]) == ExitCode.USAGE
    told, _, remedy = capsys.readouterr().err.partition("  next: ")
    assert told == f"workshop: {said}\n"
    wanted = "a log, a table of calls or a trace" if "generate" in words else "profile trace --format json"
    assert wanted in remedy


@pytest.mark.parametrize("option", ["--allow", "--deny", "--remove"])
def test_an_empty_list_of_calls_is_no_change(profile, file: str, option: str) -> None:
    code, out, err = profile("edit", file, option, "")
    assert (code, out) == (ExitCode.USAGE, "")
    assert "no system call is named" in err


@pytest.mark.parametrize(
    ("words", "step"),
    [
        (("explain", "chmod"), "no profile is named: chmod is a system call"),
        (("simulate", "chmod", "/tmp", "0777"), "name the profile before it: default chmod /tmp 0777"),
        (("explain", "default", "clone (arg0 & 0x7e020000) == 0"), "give arguments that meet it"),
        (("simulate", "default", "socket", "arg0", "<", "38"), "such as socket VALUE"),
        (("merge", "a.json", "b.json"), "workshop profile edit PROFILE --merge union --with PROFILE"),
        (("export", "default", "--to", "k8s"), "write --to kubernetes"),
        (("export", "default", "--to", "kubernets"), "did you mean kubernetes?"),
        (("edit", "default", "--allow", "999"), "with the number 999 is known here"),
        (("lint",), "with - for standard input"),
    ],
)
def test_what_newcomers_write_is_answered_with_what_they_mean(profile, words, step) -> None:
    code, _, err = profile(*words)
    assert code == 2
    assert step in err


@pytest.mark.parametrize(
    ("calls", "step"),
    [
        ("all", "--action errno"),
        ("*", "--action errno"),
        ("@mount", "`systemd-analyze syscall-filter @mount`"),
        ("@runc=x", "write it as runc=1.1.5"),
    ],
)
def test_what_means_many_calls_is_told_how_to_say_so(profile, calls: str, step: str) -> None:
    code, _, err = profile("edit", "default", "--deny", calls)
    assert (code, step in err) == (ExitCode.USAGE, True)


def test_a_mode_in_a_rule_is_noted_where_it_is_decimal(profile) -> None:
    assert "777 is read as a decimal number" in profile("edit", "allow", "--deny", "mkdir * 777")[2]
