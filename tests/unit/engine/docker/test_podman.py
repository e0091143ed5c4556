from dataclasses import replace
from pathlib import Path

from runner.engine.discovery import Suitability, judge
from runner.engine.docker.options import Limits, create_body
from runner.engine.docker.podman import profile_content, profile_file
from runner.lab.model.container import ContainerSpec
from tests.fakes import INFO

PODMAN = replace(INFO, name="Podman", version="4.3.1")


def test_a_profile_is_handed_over_as_a_file_and_read_back(tmp_path: Path) -> None:
    value = profile_file('{"defaultAction": "SCMP_ACT_ALLOW"}', tmp_path / "profiles")
    assert Path(value).is_relative_to(tmp_path)
    assert profile_content(value) == '{"defaultAction": "SCMP_ACT_ALLOW"}'


def test_no_profile_needs_no_file(tmp_path: Path) -> None:
    assert [profile_file(value, tmp_path) for value in ("", "unconfined")] == ["", "unconfined"]
    assert list(tmp_path.iterdir()) == []


def test_podman_is_used_only_when_named_and_only_by_its_socket() -> None:
    assert judge(PODMAN, asked_for=True)[0] is Suitability.USABLE
    assert judge(PODMAN, asked_for=False)[0] is Suitability.UNUSABLE
    assert judge(replace(PODMAN, endpoint="tcp://far:1"), asked_for=True)[0] is Suitability.UNUSABLE


def test_no_network_is_the_mode_none() -> None:
    limits = Limits(pids=True, memory=True, swap=True)
    made = create_body(ContainerSpec(), image="lab", seccomp="", labels={}, limits=limits, podman=True)
    assert made["HostConfig"]["NetworkMode"] == "none"
