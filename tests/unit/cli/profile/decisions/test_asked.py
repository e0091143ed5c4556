"""`runner.cli.profile.decisions.asked`: a call in the words that people have it in."""

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
