import base64
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from runner.engine.api import EngineInfo
from runner.engine.discovery import Suitability, judge
from runner.engine.docker.helper import create_helper
from runner.engine.docker.options import Limits, create_body
from runner.engine.docker.podman import host_settings, profile_content, profile_file, program, without_profile
from runner.engine.docker.session import EngineSession
from runner.engine.docker.workload import prepared
from runner.errors import UsageError
from runner.lab.model.container import ContainerSpec
from tests.fakes import INFO

PODMAN = replace(INFO, name="Podman", version="4.3.1")


def test_a_profile_is_handed_over_as_a_file_and_read_back(tmp_path: Path) -> None:
    value = profile_file('{"defaultAction": "SCMP_ACT_ALLOW"}', tmp_path / "profiles")
    assert Path(value).is_relative_to(tmp_path)
    assert profile_content(value) == '{"defaultAction": "SCMP_ACT_ALLOW"}'


def test_a_profile_that_is_no_text_any_more_is_told_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "profile.json").write_bytes(b"\xff")
    assert profile_content(str(tmp_path / "profile.json")) == str(tmp_path / "profile.json")


def test_no_profile_needs_no_file(tmp_path: Path) -> None:
    assert [profile_file(value, tmp_path) for value in ("", "unconfined")] == ["", "unconfined"]
    assert list(tmp_path.iterdir()) == []


CONTENT = '{"defaultAction": "SCMP_ACT_ALLOW"}'


@pytest.mark.parametrize(
    ("words", "kept", "profile"),
    [
        ("--security-opt seccomp={file} lab sh", "lab sh", CONTENT),
        ("-it --security-opt=seccomp={file} --name x lab", "-it --name x lab", CONTENT),
        ("--security-opt seccomp:{file} lab", "lab", CONTENT),
        ("--security-opt apparmor=unconfined --security-opt seccomp=unconfined lab", None, "unconfined"),
        ("--security-opt seccomp=builtin lab", "lab", ""),
        ("--security-opt seccomp={none} --security-opt seccomp={file} lab", None, UsageError),
        ("lab sh --security-opt seccomp={none}", "lab sh --security-opt seccomp={none}", None),
        ("-- lab --security-opt seccomp={none}", "-- lab --security-opt seccomp={none}", None),
        ("-e seccomp={none} lab", "-e seccomp={none} lab", None),
        ("--security-opt", "--security-opt", None),
    ],
)
def test_a_profile_in_the_words_is_kept_from_dockers_command(
    tmp_path: Path, words: str, kept: str | None, profile: object
) -> None:
    (tmp_path / "deny.json").write_text(CONTENT)
    places = {"file": tmp_path / "deny.json", "none": tmp_path / "none.json"}
    given = words.format(**places).split()
    if profile is UsageError:
        with pytest.raises(UsageError, match=r"none\.json: No such file"):
            without_profile(given)
        return
    left, found = without_profile(given)
    assert found == profile
    assert left == (
        ["--security-opt", "apparmor=unconfined", "lab"] if kept is None else kept.format(**places).split()
    )


class Engine:
    """Has a container that was created and never started; removes it, and keeps how the next is to be created."""

    endpoint = base_url = "unix:///podman"
    api_version = "1.41"

    def __init__(self) -> None:
        self.body: dict[str, Any] = {}

    def within(self, _seconds: float) -> Any:
        return nullcontext()

    def inspect_container(self, identity: str) -> dict[str, Any]:
        config = {"Image": "lab", "Tty": False, "OpenStdin": False}
        host = {"SecurityOpt": ["apparmor=unconfined"], "PidMode": "private", "Ulimits": []}
        return {
            "Id": identity,
            "Name": "/x",
            "Path": "/bin/true",
            "Args": [],
            "Config": config,
            "HostConfig": host,
            "NetworkSettings": {},
        }

    def head(self, *_: object, **__: object) -> Any:
        stat = base64.b64encode(b'{"mode": 493}').decode()
        return SimpleNamespace(status_code=200, headers={"X-Docker-Container-Path-Stat": stat})

    def remove_container(self, *_: object, **__: object) -> None:
        pass

    def create_container_from_config(self, body: dict[str, Any], _name: str) -> dict[str, str]:
        self.body = body
        return {"Id": "workload"}

    def put_archive(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("info", [PODMAN, INFO])
@pytest.mark.parametrize(("argument", "used"), [(None, CONTENT), ("{}", "{}"), ("unconfined", "unconfined")])
def test_a_workload_is_created_under_the_profile_as_this_engine_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, info: EngineInfo, argument: str | None, used: str
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "deny.json").write_text(CONTENT)
    docker = tmp_path / "docker"
    docker.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/words\necho template\n')
    docker.chmod(0o755)
    engine = Engine()
    words = ["--security-opt", f"seccomp={tmp_path}/deny.json", "lab", "true"]
    prepared(EngineSession(engine, info, {}), words, str(docker), seccomp=argument)
    asked = (tmp_path / "words").read_text()
    apparmor, *rest = engine.body["HostConfig"]["SecurityOpt"]
    assert apparmor == "apparmor=unconfined"
    if info is PODMAN:
        assert "seccomp" not in asked
        [value] = [one.removeprefix("seccomp=") for one in rest]
        assert value == used or Path(value).read_text() == used
    else:
        assert "seccomp=" in asked
        assert rest == ([f"seccomp={used}"] if argument else [])


@pytest.mark.parametrize(
    ("path", "arguments", "config", "expected"),
    [
        ("true", ["true"], {"Cmd": ["true"], "Entrypoint": []}, ["true"]),
        ("true", ["true"], {"Cmd": None, "Entrypoint": ["true"]}, ["true"]),
        ("echo", ["echo"], {"Cmd": ["echo", "echo"], "Entrypoint": None}, ["echo", "echo"]),
        ("echo", ["echo"], {"Cmd": ["echo"], "Entrypoint": ["echo"]}, ["echo", "echo"]),
        ("echo", ["a", "b"], {"Cmd": ["a", "b"], "Entrypoint": ["echo"]}, ["echo", "a", "b"]),
    ],
)
def test_a_program_without_arguments_is_not_its_own_argument(
    path: str, arguments: list[str], config: dict[str, Any], expected: list[str]
) -> None:
    assert program({"Path": path, "Args": arguments, "Config": config}) == expected


def test_settings_that_podman_reports_can_be_sent_again() -> None:
    """As 4.3.1 reports them, and refuses its own words for limits."""
    limit = {"Name": "RLIMIT_NOFILE", "Hard": 9, "Soft": 8}
    found = {"HostConfig": {"PidMode": "private", "Ulimits": [limit], "NetworkMode": "none"}}
    expected = {"PidMode": "", "Ulimits": [limit | {"Name": "nofile"}], "NetworkMode": "none"}
    assert host_settings(found) == expected
    assert host_settings({"HostConfig": {"PidMode": "host", "Ulimits": None}}) == {
        "PidMode": "host",
        "Ulimits": [],
    }


@pytest.mark.parametrize(("info", "mode"), [(PODMAN, "none"), (INFO, None)])
def test_the_workshops_own_containers_have_no_network(info: EngineInfo, mode: str | None) -> None:
    engine = Engine()
    create_helper(EngineSession(engine, info, {}), "helper", ["true"])
    assert engine.body["NetworkDisabled"]
    assert engine.body["HostConfig"].get("NetworkMode") == mode


def test_a_podman_that_is_named_is_remarked_on() -> None:
    assert "--security-opt seccomp=FILE` fails" in judge(PODMAN, asked_for=True)[1]
    assert "Podman" not in judge(INFO, asked_for=True)[1]


def test_podman_is_used_only_when_named_and_only_by_its_socket() -> None:
    assert judge(PODMAN, asked_for=True)[0] is Suitability.USABLE
    assert judge(PODMAN, asked_for=False)[0] is Suitability.UNUSABLE
    assert judge(replace(PODMAN, endpoint="tcp://far:1"), asked_for=True)[0] is Suitability.UNUSABLE


def test_no_network_is_the_mode_none() -> None:
    limits = Limits(pids=True, memory=True, swap=True)
    made = create_body(ContainerSpec(), image="lab", seccomp="", labels={}, limits=limits, podman=True)
    assert made["HostConfig"]["NetworkMode"] == "none"
