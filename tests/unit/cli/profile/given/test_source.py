"""`runner.cli.profile.given.source`, `within` and `inputs`: what a word of the command line may mean."""

import json
from pathlib import Path

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.conftest import CHMOD, PROFILE


@pytest.mark.parametrize("option", ["seccomp={}", "seccomp:{}", "{}"])
def test_a_file_as_docker_takes_it(profile, folder: Path, option: str) -> None:
    code, out, _ = profile("explain", option.format(folder / "prof.json"), *CHMOD)
    assert code == ExitCode.OK
    assert f"Decided by: {folder / 'prof.json'}:2, syscalls[0]" in out


@pytest.mark.parametrize("option", ["seccomp={}", "{}"])
def test_json_as_docker_takes_it(profile, option: str) -> None:
    code, out, _ = profile("explain", option.format(PROFILE), *CHMOD)
    assert code == ExitCode.OK
    assert "Decided by: the JSON given:2, syscalls[0]" in out


def test_a_compose_file_leads_to_the_file_beside_it(profile, folder: Path) -> None:
    out = profile("explain", folder / "compose.yml", *CHMOD)[1]
    assert f"{folder}/prof.json:2, syscalls[0]" in out


def test_a_file_with_a_hash_in_its_name_is_that_file(profile, folder: Path) -> None:
    (folder / "a#b.json").write_text(PROFILE)
    assert profile("explain", folder / "a#b.json", *CHMOD)[0] == ExitCode.OK


def test_docker_inspect_is_read_from_standard_input(profile, folder: Path) -> None:
    text = (folder / "inspect.json").read_text()
    assert "EPERM" in profile("explain", "-", *CHMOD, stdin=text)[1]


def test_builtin_is_the_engines_default(profile) -> None:
    simulated = profile("simulate", "seccomp=builtin", "clone3", "--engine-version", "20.10.9")
    assert "'default@20.10.9' decides" in simulated[1]
    assert profile("lint", "seccomp=builtin")[0] == ExitCode.OK


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_written_by_powershell_are_read(profile, tmp_path, encoding) -> None:
    """Its `>` writes UTF-16, and other programs of Windows a mark before UTF-8."""
    log, names, holder = tmp_path / "trace.log", tmp_path / "names.txt", tmp_path / "inspect.json"
    log.write_text("7 socket(AF_VSOCK, SOCK_STREAM, 0) = -1 EPERM (Operation not permitted)\r\n", encoding)
    names.write_text("read\r\nopenat\r\n", encoding)
    option = json.dumps('seccomp={"defaultAction":"SCMP_ACT_ALLOW"}')
    holder.write_text(f'[{{"Name": "/web", "HostConfig": {{"SecurityOpt": [{option}]}}}}]', encoding)
    for command in (("why", log), ("simulate", "default", "--calls", log)):
        code, out, _ = profile(*command)
        assert (code, "socket(AF_VSOCK, SOCK_STREAM, 0) on amd64, number 41: errno EPERM" in out) == (0, True)
    for command, name in (
        (("import", log), "socket"),
        (("import", names), "openat"),
        (("generate", "--from", log), "socket"),
    ):
        code, out, _ = profile(*command)
        assert (code, f'"{name}"' in out) == (0, True)
    assert profile("show", holder)[0] == 0
    assert profile("import", holder)[0] == 0


def test_a_specifier_of_a_unit_is_no_folder(profile, tmp_path: Path) -> None:
    (tmp_path / "q.container").write_text("[Container]\nSeccompProfile=%h/p.json\n")
    assert "names %h/p.json, with a variable in it" in profile("explain", tmp_path / "q.container", *CHMOD)[2]


def test_settings_in_other_files_are_noted_beside_a_profile(profile, folder: Path) -> None:
    compose = folder / "compose.yml"
    compose.write_text(f"include: [other.yml]\n{compose.read_text()}")
    code, _, err = profile("explain", compose, *CHMOD)
    assert code == ExitCode.OK
    assert "it includes other.yml: other files are not looked into" in err


def test_a_container_that_nothing_confines_is_noted_beside_a_profile(profile, tmp_path: Path) -> None:
    config = {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"p.json": PROFILE}}
    local = {"seccompProfile": {"type": "Localhost", "localhostProfile": "p.json"}}
    containers = [{"name": "a", "image": "x", "securityContext": local}, {"name": "b", "image": "x"}]
    pod = {"kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": containers}}
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"kind": "List", "items": [config, pod]}))
    code, _, err = profile("explain", path, *CHMOD)
    assert code == ExitCode.OK
    assert f"note: {path}: names no profile for web/b: Kubernetes confines nothing" in err
