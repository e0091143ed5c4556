"""`runner.cli.profile.decisions.asked`: a call in the words that people have it in."""

import json
from pathlib import Path

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.decisions.conftest import RECORD


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


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_is_no_call(profile, blank: str) -> None:
    for command in ("explain", "simulate"):
        code, out, err = profile(command, "default", blank)
        assert (code, out) == (ExitCode.USAGE, "")
        assert "no system call is named" in err


@pytest.mark.parametrize("command", ["explain", "simulate"])
def test_an_architecture_is_for_a_call_that_is_named(profile, command: str) -> None:
    line = 'chmod("/x", 0777) = -1 EPERM'
    code, out, err = profile(command, "default", line, "--abi", "386")
    assert (code, out) == (ExitCode.USAGE, "")
    assert "--abi is for a call that is named" in err


def test_an_architecture_is_not_for_a_log(profile, log: Path) -> None:
    code, out, err = profile("simulate", "default", "--calls", log, "--abi", "386")
    assert (code, out) == (ExitCode.USAGE, "")
    assert "--abi is for a call that is named" in err


def test_an_unknown_architecture_is_told_once_for_a_list_of_calls(profile) -> None:
    code, out, err = profile("simulate", "default", "--calls", "-", "--abi", "i9", stdin="read\nwrite\n")
    assert (code, out) == (ExitCode.USAGE, "")
    assert err.count("unknown architecture 'i9'") == 1
    assert "next: name one of amd64, 386" in err


def test_an_architecture_is_not_for_a_line_amid_a_list(profile) -> None:
    calls = "read\nchmod(1, 2) = 0\n"
    code, out, err = profile("simulate", "default", "--calls", "-", "--abi", "386", stdin=calls)
    assert code == ExitCode.USAGE
    assert out.startswith("read() on 386")
    assert "standard input:2: --abi is for a call that is named" in err


@pytest.mark.parametrize(
    "words",
    [("clone3,unshare",), ("clone3,", "unshare"), ("clone3, unshare",), ("clone3", "unshare"), ("435,272",)],
)
@pytest.mark.parametrize("command", ["explain", "simulate"])
def test_several_calls_are_decided_one_after_another(profile, command: str, words: tuple[str, ...]) -> None:
    code, out, _ = profile(command, "default", *words, "--arch", "amd64")
    assert code == ExitCode.OK
    heads = [line for line in out.splitlines() if " on amd64, number " in line]
    assert [head.partition("(")[0] for head in heads] == ["clone3", "unshare"]


def test_several_calls_are_one_object_with_a_list(profile) -> None:
    code, out, _ = profile("explain", "default", "read,write", "--arch", "amd64", "--json")
    assert code == ExitCode.OK
    assert [each["call"]["name"] for each in json.loads(out)["calls"]] == ["read", "write"]


def test_arguments_are_of_one_call(profile) -> None:
    code, _, err = profile("simulate", "default", "unshare,clone", "CLONE_NEWUSER")
    assert code == ExitCode.USAGE
    assert "name one call with its arguments" in err
    code, _, err = profile("simulate", "default", "unshare,chmdo")
    assert (code, "did you mean chmod?" in err) == (ExitCode.USAGE, True)
