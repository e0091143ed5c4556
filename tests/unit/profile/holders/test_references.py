"""`runner.profile.holders.references`: settings of compose files that stand elsewhere."""

import pytest

from runner.profile.holders import find_profiles
from runner.profile.holders.unnamed import names_none, of_container

LOCAL = """\
services:
  top:
    extends: middle
  middle:
    extends: {service: base}
    image: x
  base:
    image: x
    security_opt: [%s]
  own:
    extends: base
    security_opt: [seccomp=own.json]
"""


def test_a_service_has_the_profile_of_the_one_that_it_extends() -> None:
    holding = find_profiles(LOCAL % "seccomp=p.json")
    named = {name: held.file for held in holding.profiles for name in held.name.split(", ")}
    assert named == {"base": "p.json", "middle": "p.json", "top": "p.json", "own": "own.json"}


def test_a_service_runs_without_a_filter_where_the_one_that_it_extends_does() -> None:
    holding = find_profiles(LOCAL % "seccomp=unconfined")
    found = of_container(holding, "top")
    assert found is not None
    assert found.reason.startswith("top runs without a filter: seccomp=unconfined")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "services:\n  web:\n    extends: {file: base.yml, service: base}\n",
            "web extends base of base.yml",
        ),
        ("include: [base.yml]\nservices:\n  web: {image: x}\n", "it includes base.yml"),
        (
            "include:\n- path: [a.yml, b.yml]\nservices: {web: {image: x}}\n",
            "it includes a.yml; it includes b.yml",
        ),
    ],
)
def test_what_stands_in_other_files_is_said(text: str, said: str) -> None:
    holding = find_profiles(text)
    assert names_none(holding) is None
    for error in (holding.none(), of_container(holding, "web")):
        assert error is not None
        assert said in error.reason
        assert "docker compose config" in error.remedy
