"""`runner.profile.holders.compose.merging`: compose documents laid over each other, and Compose's tags."""

import pytest

from runner.profile.errors import ProfileError
from runner.profile.holders import Holding, find_profiles
from runner.profile.holders.find import File, find_in_compose
from runner.profile.holders.unnamed import of_container


def profiles(holding: Holding) -> dict[str, str]:
    return {name: held.file for held in holding.profiles for name in held.name.split(", ")}


def service(settings: str) -> str:
    return f"services:\n  my.web: {{image: x, {settings}}}\n"


def laid(*texts: str) -> Holding:
    """The same from files and from the documents of one file."""
    of_files = find_in_compose([File(f"{index}.yml", text) for index, text in enumerate(texts)])
    of_documents = find_profiles("---\n".join(texts))
    assert profiles(of_files) == profiles(of_documents)
    assert [str(place) for place in of_files.off] == [str(place) for place in of_documents.off]
    return of_files


@pytest.mark.parametrize(
    ("below", "above", "found", "off"),
    [
        ("security_opt: [seccomp=a.json]", "security_opt: [seccomp=b.json]", "b.json", ""),
        ("security_opt: [seccomp=a.json]", "security_opt: [no-new-privileges:true]", "a.json", ""),
        ("security_opt: [seccomp=a.json]", "security_opt: !override [no-new-privileges:true]", "", ""),
        ("security_opt: [seccomp=a.json]", "security_opt: !reset null", "", ""),
        ("security_opt: [seccomp=a.json]", "security_opt: !reset [seccomp=b.json]", "", ""),
        ("security_opt: [seccomp=a.json]", "security_opt: [!reset seccomp=b.json]", "a.json", ""),
        ("security_opt: [seccomp=unconfined]", "security_opt: [seccomp=b.json]", "b.json", ""),
        ("security_opt: [seccomp=a.json]", "security_opt: [seccomp=unconfined]", "", "seccomp=unconfined"),
        ("privileged: true", "security_opt: [seccomp=b.json]", "b.json", "privileged: true"),
        ("privileged: true", "privileged: false", "", ""),
        ("privileged: true", "privileged: !reset null", "", ""),
        ("privileged: false", "privileged: !override true", "", "privileged: true"),
        ("security_opt: [seccomp=a.json]", "privileged: true", "a.json", "privileged: true"),
    ],
)
def test_what_stands_above_counts(below: str, above: str, found: str, off: str) -> None:
    holding = laid(service(below), service(above))
    assert profiles(holding) == ({"my.web": found} if found else {})
    assert [place.said for place in holding.off] == ([off] if off else [])
    assert all(bool(place.before) == bool(found) for place in holding.off if off.startswith("privileged"))


def test_a_service_of_its_own_stays_beside_one_that_is_laid_over() -> None:
    below = "services:\n  a: {image: x, security_opt: [seccomp=a.json]}\n"
    above = "services:\n  a.b: {image: x, security_opt: [seccomp=b.json]}\n"
    assert profiles(laid(below, above)) == {"a": "a.json", "a.b": "b.json"}


def test_a_place_of_several_files_says_of_which() -> None:
    holding = find_in_compose(
        [File("a.yml", service("tty: true")), File("b.yml", service("privileged: true"))]
    )
    refused = of_container(holding, "my.web")
    assert refused is not None
    assert refused.reason == "my.web runs without a filter: privileged: true (b.yml:2)"


def test_only_compose_files_are_laid_over_each_other() -> None:
    with pytest.raises(ProfileError, match=r"p\.json: is no compose file"):
        find_in_compose([File("c.yml", service("tty: true")), File("p.json", '{"defaultAction": "x"}')])


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ("security_opt: !reset null", {"base": "p.json"}),
        ("security_opt: !override [no-new-privileges:true]", {"base": "p.json"}),
        ("security_opt: [no-new-privileges:true]", {"base": "p.json", "web": "p.json"}),
    ],
)
def test_tags_keep_out_what_a_service_would_take_from_its_base(own: str, found: dict[str, str]) -> None:
    text = (
        "services:\n"
        "  base: {image: x, privileged: true, security_opt: [seccomp=p.json]}\n"
        f"  web: {{extends: base, privileged: !reset null, {own}}}\n"
    )
    holding = find_profiles(text)
    assert profiles(holding) == found
    assert [place.owner for place in holding.off] == ["base"]


@pytest.mark.parametrize(
    "file", ["compose.yml", "./compose.yml", "../app/compose.yml", "/srv/app/compose.yml"]
)
def test_a_service_may_extend_one_of_the_same_file_by_its_name(file: str) -> None:
    text = (
        "services:\n"
        "  base: {image: x, security_opt: [seccomp=p.json]}\n"
        f"  web: {{extends: {{file: {file}, service: base}}}}\n"
    )
    holding = find_profiles(text, "/srv/app/compose.yml")
    assert profiles(holding) == {"base": "p.json", "web": "p.json"}
    assert not holding.external_settings
    assert find_profiles(text, "/srv/app/other.yml").external_settings


@pytest.mark.parametrize("settings", ["security_opt: [seccomp=p.json]", "privileged: true"])
def test_a_service_that_is_anothers_by_an_alias_has_its_settings(settings: str) -> None:
    holding = find_profiles(f"services:\n  base: &base {{image: x, {settings}}}\n  web: *base\n")
    assert {*profiles(holding), *(place.owner for place in holding.off)} == {"base", "web"}


def test_services_within_services_by_aliases_are_read_in_linear_time() -> None:
    lines = ["a0: &a0 {image: x, privileged: true}"]
    lines += [f"a{n}: &a{n} {{services: {{x: *a{n - 1}, y: *a{n - 1}}}}}" for n in range(1, 38)]
    text = "\n".join([*lines, "services: {web: *a37}"])
    assert len(find_profiles(text).off) == 1


@pytest.mark.parametrize(
    ("value", "file", "literal"),
    [
        ("a$$b.json", "a$b.json", True),
        ("$$$$.json", "$$.json", True),
        ("a$${b}.json", "a${b}.json", True),
        ("$$a$b.json", "$$a$b.json", False),
        ("$$$b.json", "$$$b.json", False),
        ("b.json", "b.json", True),
    ],
)
def test_two_dollars_of_a_compose_file_are_one(value: str, file: str, literal: bool) -> None:
    (held,) = find_profiles(service(f"security_opt: ['seccomp={value}']")).profiles
    assert (held.file, held.literal) == (file, literal)


def test_two_dollars_elsewhere_are_two() -> None:
    (held,) = find_profiles('[{"Name": "/a", "HostConfig": {"SecurityOpt": ["seccomp=a$$b"]}}]').profiles
    assert held.file == "a$$b"


def test_names_of_services_are_read_with_one_dollar_for_two() -> None:
    text = (
        "services:\n"
        "  a$b: {image: x, container_name: c$$d, security_opt: [seccomp=p.json]}\n"
        "  web: {extends: {service: a$$b}}\n"
    )
    holding = find_profiles(text)
    assert profiles(holding) == {"a$b": "p.json", "web": "p.json"}
    assert holding.name_of("c$d") == "a$b"
