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


def test_compose_files_are_laid_over_each_other(profile, tmp_path: Path) -> None:
    service = "services:\n  web:\n    image: x\n    security_opt: !override [seccomp={}]\n"
    for file, named in (("a.yml", "p.json"), ("b.yml", "q.json")):
        (tmp_path / file).write_text(service.format(named))
        (tmp_path / named).write_text(PROFILE if named == "q.json" else '{"defaultAction": "SCMP_ACT_LOG"}')
    both = f"{tmp_path}/a.yml:{tmp_path}/b.yml"
    for words in ((both,), (f"{both}#web",), (both, "--name=web"), (both, "--from=held")):
        code, out, err = profile("import", *words)
        assert code == ExitCode.OK
        assert '"chmod"' in out
        assert f"{tmp_path}/q.json, which services.web.security_opt[0] names" in err
    for words, said in (
        ((f"{both}#db",), f"{both}#db: holds no profile named 'db'"),
        ((f"{tmp_path}/a.yml:{tmp_path}/c.yml",), f"{tmp_path}/c.yml: there is no such file"),
        ((f"{tmp_path}/a.yml:{tmp_path}/q.json",), f"{tmp_path}/q.json: is no compose file"),
        ((both, "--from=names"), "compose files laid over each other, and not names"),
        ((both, "--arch=arm64"), "--arch has no effect"),
    ):
        code, _, err = profile("import", *words)
        assert code == ExitCode.USAGE
        assert said in err
