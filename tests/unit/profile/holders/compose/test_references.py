"""`runner.profile.holders.compose.references`: settings of compose files that stand elsewhere."""

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


def service(of_base: str, own: str) -> str:
    return f"services:\n  base: {{image: x, {of_base}}}\n  web: {{extends: base, {own}}}\n"


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("security_opt: [seccomp=unconfined]", "web runs without a filter: seccomp=unconfined"),
        ("security_opt: [seccomp=builtin]", "web names no profile: the engine's own default"),
    ],
)
@pytest.mark.parametrize("of_base", ["p.json", "unconfined", "builtin"])
def test_what_a_service_says_of_seccomp_counts_and_not_what_its_base_says(
    of_base: str, own: str, said: str
) -> None:
    holding = find_profiles(service(f"security_opt: [seccomp={of_base}]", own))
    assert [held.name for held in holding.profiles] == ["base"] * (of_base == "p.json")
    found = of_container(holding, "web")
    assert found is not None
    assert found.reason.startswith(said)


@pytest.mark.parametrize("of_base", ["unconfined", "builtin"])
def test_a_service_with_a_profile_does_not_take_what_its_base_has_in_place_of_one(of_base: str) -> None:
    holding = find_profiles(service(f"security_opt: [seccomp={of_base}]", "security_opt: [seccomp=web.json]"))
    assert [(held.name, held.file) for held in holding.profiles] == [("web", "web.json")]
    assert {place.owner for place in (*holding.off, *holding.default)} == {"base"}


@pytest.mark.parametrize(
    ("of_base", "own", "off"),
    [
        ("privileged: true", "security_opt: [seccomp=p.json]", [("base", ""), ("web", "27")]),
        ("privileged: true", "security_opt: [seccomp=unconfined]", [("base", ""), ("web", ""), ("web", "")]),
        ("privileged: true, security_opt: [seccomp=p.json]", "", [("base", "27"), ("web", "27")]),
        ("privileged: true", "privileged: false", [("base", "")]),
        ("security_opt: [seccomp=p.json]", "privileged: true", [("web", "27")]),
    ],
)
def test_a_service_is_privileged_where_its_base_is_whatever_profile_it_has(
    of_base: str, own: str, off: list[tuple[str, str]]
) -> None:
    holding = find_profiles(service(of_base, own))
    assert sorted((place.owner, place.before) for place in holding.off) == off


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
