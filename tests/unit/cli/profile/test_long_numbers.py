"""Numbers of thousands of digits, which Python itself neither reads nor writes: an error tells of them."""

from pathlib import Path

import pytest

from tests.unit.cli.profile.conftest import Command

DECIMAL = "9" * 5000
HEXADECIMAL = "0x" + "f" * 5000
OPERATORS = (
    "kind: SeccompProfile\nmetadata: {name: x}\nspec:\n  defaultAction: SCMP_ACT_ERRNO\n  defaultErrnoRet: "
)


@pytest.mark.parametrize(
    "number", [DECIMAL, HEXADECIMAL, f"#-{DECIMAL}"], ids=["decimal", "hexadecimal", "negative"]
)
def test_the_number_of_a_call(profile: Command, number: str) -> None:
    code, _, err = profile("explain", "default", "--", number)
    assert code == 2
    assert "… is not a system call number" in err
    assert "next: give the call's name" in err


def test_the_index_of_an_argument(profile: Command) -> None:
    code, _, err = profile("edit", "default", "--deny", f"clone arg{DECIMAL} == 1")
    assert code == 2
    assert "is no condition on an argument" in err


def test_the_port_of_a_check(profile: Command) -> None:
    code, _, err = profile("test", "--profile", "default", "--http", DECIMAL, "image")
    assert code == 2
    assert "is not a port" in err


@pytest.mark.parametrize(
    "number", [HEXADECIMAL, "0o" + "7" * 6000, "0" + "7" * 6000], ids=["hex", "octal", "old octal"]
)
def test_a_value_in_yaml(profile: Command, tmp_path: Path, number: str) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(f"{OPERATORS}{number}\n")
    code, out, _ = profile("lint", manifest)
    assert code == 2
    assert f"{manifest}:5:20: error: expected a number" in out


@pytest.mark.parametrize(
    "message",
    [
        f"seccomp-bpf failure in syscall {DECIMAL}",
        f"seccomp-bpf failure in syscall nr={HEXADECIMAL}",
        f"ssh_sandbox_violation: unexpected system call (arch:0xc000003e,syscall:{DECIMAL} @ 0x7)",
        f"Sandbox: seccomp sandbox violation: pid 1, syscall {DECIMAL}, args 1",
    ],
    ids=["decimal", "hexadecimal", "sshd", "Firefox"],
)
def test_a_number_that_a_message_tells(profile: Command, message: str) -> None:
    code, _, err = profile("why", message)
    assert code == 2
    assert "mentions no system call and no known refusal" in err
