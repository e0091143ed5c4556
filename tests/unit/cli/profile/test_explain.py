"""`workshop profile explain`: what decides a call, and what its program sees."""

from pathlib import Path

import pytest

from runner.cli.main import main

AMD64 = ("--arch", "amd64")


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
def test_explain_gives_the_deciding_rule_and_the_result(
    file: str, call: tuple[str, ...], texts: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["profile", "explain", file, *call, *AMD64]) == 0
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
