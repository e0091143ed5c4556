"""`workshop profile history` and the names of old defaults, as a user types them."""

import json

import pytest

from runner.cli.main import main

Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *words: str) -> tuple[int, str, str]:
    code = main(["profile", *words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_a_call_has_its_periods_in_order(capsys: Capture) -> None:
    code, out, _ = run(capsys, "history", "fchmodat2")
    lines = [line.strip() for line in out.splitlines()]
    assert code == 0
    assert lines[1:] == [
        "Engine 1.11.0 up to, not including, 23.0.10:",
        "no rule names it: ENOSYS by runc 1.0.0-rc93 and newer, EPERM by older ones",
        "Engine 23.0.10 up to, not including, 24.0.0:",
        "allowed",
        "Engine 24.0.0 up to, not including, 25.0.3:",
        "no rule names it: ENOSYS by runc 1.0.0-rc93 and newer, EPERM by older ones",
        "Engine from 25.0.3 on:",
        "allowed",
        "libseccomp 2.5.5 and newer know it: with an older one the runtime leaves its rules out.",
    ]


def test_a_call_below_others_that_are_named_gets_the_default_errno(capsys: Capture) -> None:
    out = run(capsys, "history", "clone3")[1]
    assert "20.10.10:\n    EPERM: no rule names it" in out
    assert "libseccomp 2.4.2 and newer know it" in out
    assert json.loads(run(capsys, "history", "clone3", "--json")[1])["libseccomp"] == "2.4.2"
    assert "libseccomp" not in run(capsys, "history", "mount")[1]


def test_conditions_are_shown(capsys: Capture) -> None:
    _, out, _ = run(capsys, "history", "clone")
    assert "allowed without CAP_SYS_ADMIN, not on s390 or s390x if (arg0 & 0x7e020000) == 0" in out
    assert "on kernel 4.8 and newer" in run(capsys, "history", "ptrace")[1]
    assert "Engine 1.12 allowed it with CAP_SYS_ADMIN too" in run(capsys, "history", "mount")[1]
    assert "runc itself makes this call" in run(capsys, "history", "statx")[1]


def test_a_call_for_machines(capsys: Capture) -> None:
    answer = json.loads(run(capsys, "history", "clone3", "--json")[1])
    assert answer["default"][-1] == {
        "since": "20.10.10",
        "until": None,
        "outcomes": ["ENOSYS without CAP_SYS_ADMIN", "allowed with CAP_SYS_ADMIN"],
    }


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("names", ("Docker Engine 1.13", "refused")),
        ("errnoret", ("Docker Engine 20.10.10", "runc 1.0.0-rc91", "ignored")),
        ("LOG", ("SCMP_ACT_LOG: runc 1.0.0-rc9", "SECCOMP_FILTER_FLAG_LOG: runc 1.2.0-rc.1")),
        ("SCMP_ACT_KILL_PROCESS", ("runc 1.1.3", "refused")),
        ("wait_killable_recv", ("runc 1.5.0-rc.2", "libseccomp 2.6.0")),
    ],
)
def test_a_word_of_a_profile_has_its_versions(capsys: Capture, word: str, parts: tuple[str, ...]) -> None:
    code, out, _ = run(capsys, "history", word)
    assert code == 0
    assert [part for part in parts if part not in out] == []


def test_each_word_is_an_object_for_machines(capsys: Capture) -> None:
    call, feature = json.loads(run(capsys, "history", "clone3,LOG", "--json")[1])
    assert call["call"] == "clone3"
    assert feature["word"] == "LOG"
    assert {row["word"] for row in feature["features"]} == {"SCMP_ACT_LOG", "SECCOMP_FILTER_FLAG_LOG"}
    assert json.loads(run(capsys, "history", "LOG", "--json")[1]) == feature


def test_without_a_word_all_features_are_listed(capsys: Capture) -> None:
    code, out, _ = run(capsys, "history", "--json")
    assert code == 0
    assert {"names", "flags", "SCMP_ACT_LOG", "SCMP_ARCH_RISCV64"} <= {row["word"] for row in json.loads(out)}


def test_an_unknown_word_is_an_error_with_a_hint(capsys: Capture) -> None:
    code, _, err = run(capsys, "history", "chmodd")
    assert code == 2
    assert "did you mean chmod?)" in err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ("simulate", "default", "clone3", "--engine-version", "20.10.9"),
            "errno EPERM (no rule: the default action of profile 'default@20.10.9' decides)",
        ),
        (("simulate", "default@20.10.9", "clone3"), "errno EPERM"),
        (("simulate", "default", "clone3", "--engine-version", "18.09.9"), "errno EPERM"),
        (("simulate", "default", "clone3", "--engine-version", "19.03"), "errno EPERM"),
        (
            ("simulate", "default", "clone3", "--engine-version", "19.03", "--runtime", "1.1.5"),
            "errno ENOSYS",
        ),
        (("simulate", "default@29.4.2", "socketcall", "--abi", "386"), "errno ENOSYS"),
        (("simulate", "default", "io_uring_setup", "--engine-version", "24.0"), "allow (default@24.0:"),
        (("explain", "default@23", "fchmodat2"), "default@23:"),
        (("resolve", "default@24", "--json"), '"io_uring_setup"'),
        (("show", "default", "--engine-version", "19.03"), "default@19.03:"),
        (("edit", "default@20.10.9", "--allow", "clone3"), '"clone3"'),
        (("export", "default@20.10.9", "--to", "oci"), '"openat2"'),
    ],
)
def test_old_defaults_are_named_wherever_a_profile_is(
    capsys: Capture, words: tuple[str, ...], expected: str
) -> None:
    target = () if words[0] == "edit" else ("--arch", "amd64")
    code, out, _ = run(capsys, *words, *target)
    assert code == 0
    assert expected in out


def test_works_here_and_fails_there_is_one_diff(capsys: Capture) -> None:
    code, out, _ = run(capsys, "diff", "default@20.10.9", "default@24", "--arch", "amd64")
    assert code == 1
    assert "clone3: EPERM → ENOSYS" in out
    assert "process_vm_readv: EPERM → allow" in out


@pytest.mark.parametrize(("name", "message"), [("default@x", "not a version"), ("default@1.10", "not known")])
def test_a_version_that_there_is_no_default_of_is_an_error(capsys: Capture, name: str, message: str) -> None:
    code, _, err = run(capsys, "simulate", name, "read")
    assert code == 2
    assert message in err


@pytest.mark.parametrize(("engine", "runtime"), [("18.06", "rc5"), ("18.09", "rc8"), ("19.03.15", "rc10")])
@pytest.mark.parametrize("command", [("simulate", "default", "clone3"), ("lint", "default")])
def test_the_runtime_used_for_an_old_engine_is_reported(profile, command, engine, runtime) -> None:
    said = f"Engine {engine} is taken with runc 1.0.0-{runtime}, of its time; --runtime names another"
    assert said in profile(*command, "--engine-version", engine)[2]
    assert said not in profile(*command, "--engine-version", engine, "--runtime", "1.0.0-rc95")[2]
    assert "of its time" not in profile(*command, "--engine-version", "20.10")[2]


@pytest.mark.parametrize("words", [("clone3,unshare",), ("clone3", "unshare"), ("clone3,", "unshare")])
def test_several_words_are_told_one_after_another(capsys: Capture, words: tuple[str, ...]) -> None:
    code, out, _ = run(capsys, "history", *words)
    assert code == 0
    assert [line for line in out.splitlines() if line.endswith("profile:")] == [
        "clone3 in Docker's default profile:",
        "unshare in Docker's default profile:",
    ]
    told = json.loads(run(capsys, "history", *words, "--json")[1])
    assert [each["call"] for each in told] == ["clone3", "unshare"]
