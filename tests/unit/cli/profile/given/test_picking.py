"""`FILE#NAME`: one of several profiles in a file, by the names that people know."""

import json
from pathlib import Path

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.conftest import CHMOD, PROFILE


def test_a_manifest_is_picked_by_name_and_keeps_its_lines(profile, folder: Path) -> None:
    code, _, err = profile("explain", folder / "two.yaml", *CHMOD)
    assert code == ExitCode.USAGE
    assert f"pick one, as {folder / 'two.yaml'}#open" in err
    out = profile("explain", f"{folder / 'two.yaml'}#shut", *CHMOD)[1]
    assert f"{folder / 'two.yaml'}:10, syscalls[0]" in out
    assert profile("explain", f"{folder / 'two.yaml'}#none", *CHMOD)[0] == ExitCode.USAGE


def test_two_profiles_of_one_name_have_names_that_tell_them_apart(profile, tmp_path: Path) -> None:
    containers = [
        {
            "Name": f"/{name}",
            "HostConfig": {"SecurityOpt": [f'seccomp={{"defaultAction": "SCMP_ACT_{action}"}}']},
        }
        for name, action in (("a", "LOG"), ("b", "LOG"), ("b", "ALLOW"))
    ]
    file = tmp_path / "inspect.json"
    file.write_text(json.dumps(containers))
    _, _, err = profile("explain", file, "chmod")
    first, second = (f"([{index}].HostConfig.SecurityOpt[0])" for index in (0, 2))
    assert f"holds 2 profiles: a, b {first}; b {second}" in err
    assert profile("simulate", f"{file}#b {second}", "chmod")[1].startswith(
        "chmod() on amd64, number 90: allow"
    )


@pytest.mark.parametrize("name", ["web-1", "my_web"])
def test_a_service_is_picked_by_its_name_and_by_its_containers(profile, folder: Path, name: str) -> None:
    compose = folder / "named.yml"
    compose.write_text(
        "services:\n"
        "  web-1: {image: x, container_name: my_web, security_opt: [seccomp=prof.json]}\n"
        "  db: {image: x, security_opt: [seccomp=other.json]}\n"
    )
    assert f"{folder}/prof.json:2" in profile("explain", f"{compose}#{name}", *CHMOD)[1]
    assert profile("import", compose, "--name", name)[0] == ExitCode.OK
    assert "pick one, as" in (err := profile("explain", compose, *CHMOD)[2])
    assert "web-1; db" in err


@pytest.mark.parametrize(
    "definition", ["{image: x, security_opt: [seccomp=unconfined]}", "{privileged: true}"]
)
def test_a_service_goes_before_a_container_of_its_name(profile, folder: Path, definition: str) -> None:
    compose = folder / "shadowed.yml"
    compose.write_text(
        "services:\n"
        "  app: {image: x, container_name: web, security_opt: [seccomp=prof.json]}\n"
        f"  web: {definition}\n"
    )
    code, out, _ = profile("explain", f"{compose}#web", *CHMOD)
    assert (code, out) == (ExitCode.USAGE, "")
    assert profile("import", compose, "--name", "web")[0] == ExitCode.USAGE
    assert profile("explain", f"{compose}#app", *CHMOD)[0] == ExitCode.OK


def test_a_profile_goes_before_a_container_of_its_name(profile, folder: Path) -> None:
    compose = folder / "documents.yml"
    compose.write_text(
        "services:\n  app: {image: x, container_name: shut, security_opt: [seccomp=other.json]}\n---\n"
        + (folder / "two.yaml").read_text()
    )
    assert "syscalls[0]" in profile("explain", f"{compose}#shut", *CHMOD)[1]


def test_a_container_is_picked_without_its_pod_where_one_pod_has_it(profile, tmp_path: Path) -> None:
    embedded = {"annotations": {"note": PROFILE}}
    pods = [
        {
            "kind": "Pod",
            "metadata": {"name": pod},
            "spec": {"containers": [{"name": name, "image": "x", **embedded} for name in names]},
        }
        for pod, names in (("web", ("a", "both")), ("db", ("b", "both")))
    ]
    path = tmp_path / "list.json"
    config = {"kind": "ConfigMap", "metadata": {"name": "c"}}
    path.write_text(json.dumps({"kind": "List", "items": [config, *pods]}))
    for name, code in (("a", ExitCode.OK), ("web/a", ExitCode.OK), ("both", ExitCode.USAGE)):
        assert profile("explain", f"{path}#{name}", *CHMOD)[0] == code
    assert "db/both" in profile("explain", f"{path}#both", *CHMOD)[2]


def test_a_name_left_empty_is_advised_without_a_second_sign(profile, folder: Path) -> None:
    file = folder / "two.yaml"
    assert f"next: pick one, as {file}#open\n" in profile("explain", f"{file}#", *CHMOD)[2]


def test_a_profile_alone_has_no_name_to_pick(profile, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(PROFILE)
    err = profile("explain", f"{tmp_path}/p.json#web", *CHMOD)[2]
    assert "is one profile, and holds none that is named 'web'\n  next: name the file alone" in err
