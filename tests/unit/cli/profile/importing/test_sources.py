"""`runner.cli.profile.importing.sources`: one profile of a file that holds several, and other files."""

from pathlib import Path

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.conftest import PROFILE

CALLED = ("{}#web", ""), ("{}", "--name=web")
"""Both ways to pick a profile by its name."""


@pytest.fixture
def import_as(profile, tmp_path: Path):
    """Import a text under a name; returns the exit code and what is said."""

    def run(text: str, source: str, option: str) -> tuple[int, str]:
        (tmp_path / "given").write_text(text)
        code, _, err = profile("import", source.format(tmp_path / "given"), *([option] if option else []))
        return code, err

    return run


@pytest.mark.parametrize(("source", "option"), CALLED)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chmod\nchown\n", "this is a list of names, in which no profile is named 'web'"),
        ('chmod("/x", 0777) = 0\n', "this is evidence of calls, in which no profile is named 'web'"),
        (PROFILE, "is one profile, and holds none that is named 'web'"),
    ],
    ids=["list", "log", "profile"],
)
def test_a_name_picks_nothing_where_nothing_has_one(import_as, text, said, source, option) -> None:
    code, err = import_as(text, source, option)
    assert code == ExitCode.USAGE
    assert f"{said}\n  next: name the file alone" in err


@pytest.mark.parametrize(("source", "option"), CALLED)
def test_a_name_picks_a_profile_of_several(import_as, source, option) -> None:
    text = "services:\n" + "".join(
        f'  {name}: {{image: x, security_opt: [\'seccomp={{"defaultAction": "SCMP_ACT_{action}"}}\']}}\n'
        for name, action in (("web", "LOG"), ("db", "ALLOW"))
    )
    code, err = import_as(text, source, option)
    assert (code, err) == (ExitCode.OK, "read as: the profile at services.web.security_opt[0], web\n")


def test_two_names_are_one_too_many(import_as) -> None:
    code, err = import_as("chmod\n", "{}#web", "--name=db")
    assert code == ExitCode.USAGE
    assert "two profiles are named: web and db\n  next: leave --name out" in err
