"""Compose files that are laid over each other, as command lines name them."""

from pathlib import Path

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.conftest import CHMOD

BASE = "services:\n  app: {image: x, security_opt: [seccomp=unconfined]}\n"
OVER = "services:\n  app: {security_opt: [seccomp=prof.json]}\n  db: {image: x, privileged: true}\n"


@pytest.fixture
def both(folder: Path) -> str:
    """A compose file and one over it, in the folder with the profile; the name of both."""
    (folder / "compose.yml").write_text(BASE)
    (folder / "over").mkdir()
    (folder / "over" / "prod.yml").write_text(OVER)
    return f"{folder}/compose.yml:{folder}/over/prod.yml"


def test_paths_are_relative_to_the_first_file(profile, both: str, folder: Path) -> None:
    out = profile("explain", f"{both}#app", *CHMOD)[1]
    assert f"{folder}/prof.json:2, syscalls[0]" in out


def test_a_finding_is_in_the_file_of_its_place(profile, both: str, folder: Path) -> None:
    out = profile("lint", both, "--select", "unconfined")[1]
    assert out == (
        f"{folder}/over/prod.yml:3:30: medium: db has privileged: true: runs without a filter, beside a container with "
        "a profile [unconfined]\n"
    )


def test_a_missing_file_is_named_alone(profile, folder: Path) -> None:
    (folder / "compose.yml").write_text(BASE)
    code, out, _ = profile("lint", f"{folder}/compose.yml:{folder}/none.yml")
    assert code == ExitCode.USAGE
    assert out.startswith(f"{folder}/none.yml:1:1: error: there is no such file")


def test_a_file_with_a_colon_in_its_name_is_one(profile, folder: Path) -> None:
    (folder / "a:b.json").write_text((folder / "prof.json").read_text())
    assert profile("explain", folder / "a:b.json", *CHMOD)[0] == ExitCode.OK


@pytest.mark.parametrize(("over", "said"), [(OVER, True), ("services: {app: {tty: true}}\n", False)])
def test_the_file_that_compose_adds_by_itself_is_told(profile, folder: Path, over: str, said: bool) -> None:
    (folder / "compose.override.yml").write_text(over)
    err = profile("explain", folder / "compose.yml", *CHMOD)[2]
    assert (f"{folder}/compose.yml:{folder}/compose.override.yml" in err) == said


def test_a_file_with_a_dollar_in_its_name_is_read(profile, folder: Path) -> None:
    (folder / "a$b.json").write_text((folder / "prof.json").read_text())
    (folder / "compose.yml").write_text(BASE.replace("unconfined", "a$$b.json"))
    assert "a$b.json:2" in profile("explain", folder / "compose.yml", *CHMOD)[1]
    (folder / "compose.yml").write_text(BASE.replace("unconfined", "a$b.json"))
    assert "with a variable in it" in profile("explain", folder / "compose.yml", *CHMOD)[2]
