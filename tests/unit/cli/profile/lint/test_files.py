"""`runner.cli.profile.lint.files`: what is fixed in place, and what cannot be."""

from pathlib import Path

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.conftest import PROFILE


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("-", ("standard input cannot be changed in place", "name a file")),
        ("seccomp=-", ("standard input cannot be changed in place", "name a file")),
        (PROFILE, ("JSON on the command line cannot be changed in place", "write it to a file")),
        ("seccomp=builtin", ("default comes with the workshop", "-o default.json` and name the copy")),
        (
            "default@20.10",
            ("default@20.10 comes with the workshop", "-o default-20.10.json` and name the copy"),
        ),
    ],
)
def test_what_has_no_file_of_its_own_is_not_fixed(
    profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: tuple[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = profile("lint", name, "--fix", stdin=PROFILE)
    assert (code, out) == (ExitCode.USAGE, "")
    assert err.startswith(f"workshop: {said[0]}")
    assert said[1] in err
    assert list(tmp_path.iterdir()) == []


def test_a_profile_within_a_file_is_taken_out_to_be_fixed(profile, tmp_path: Path) -> None:
    file = tmp_path / "two words.yml"
    file.write_text(f"services:\n  a:\n    image: x\n    security_opt: ['seccomp={PROFILE}']\n")
    code, _, err = profile("lint", f"{file}#a", "--fix")
    assert code == ExitCode.USAGE
    assert f"`workshop profile import '{file}'`, and name the copy" in err


def test_the_file_of_an_option_is_fixed(profile, tmp_path: Path) -> None:
    file = tmp_path / "p.json"
    file.write_text(PROFILE)
    profile("lint", f"seccomp={file}", "--fix")
    assert file.read_text() == PROFILE.replace('"name": "chmod"', '"names": ["chmod"]')
