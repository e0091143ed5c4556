import json
import socket
from pathlib import Path

import pytest

from runner.engine import discovery
from runner.engine.api import EngineUnavailable
from runner.engine.discovery import EngineChoice, Suitability, judge, open_engine, survey
from runner.engine.docker.describe import engine_info, isolation
from runner.engine.endpoints import named, usual
from runner.engine.private.places import Places
from runner.errors import EngineError, UsageError
from tests.fakes import INFO

VERSION = {
    "Version": "20.10.24",
    "Arch": "amd64",
    "KernelVersion": "6.18.44-fc",
    "Components": [{"Name": "Engine", "Version": "20.10.24"}, {"Name": "runc", "Version": "1.1.5+ds1"}],
}


def test_an_engine_is_described_by_its_answers() -> None:
    options = ["name=seccomp,profile=default", "name=userns"]
    info = engine_info(
        VERSION, {"SecurityOptions": options, "PidsLimit": True, "MemoryLimit": True}, "unix:///x"
    )
    assert (info.name, info.version, info.kernel, info.arch) == ("Docker", "20.10.24", "6.18", "amd64")
    assert (info.runtime, info.runtime_version) == ("runc", "1.1.5")
    assert (info.isolation, info.seccomp, info.bounded) == ("user-namespace", True, True)


def test_podman_is_recognised() -> None:
    version = VERSION | {"Components": [{"Name": "Podman Engine", "Version": "4.3.1"}]}
    assert engine_info(version, {}, "").name == "Podman"


@pytest.mark.parametrize(
    ("options", "system", "kind"),
    [
        (["name=seccomp,profile=default", "name=rootless"], "Debian", "rootless"),
        (["name=userns"], "Debian", "user-namespace"),
        (["name=seccomp,profile=default"], "Docker Desktop", "vm"),
        (["name=seccomp,profile=default", "name=cgroupns"], "Debian", "none"),
    ],
)
def test_isolation_is_read_from_the_security_options(options: list[str], system: str, kind: str) -> None:
    assert isolation(options, system) == kind


def with_isolation(kind: str, **changes: object) -> object:
    from dataclasses import replace

    return replace(INFO, isolation=kind, **changes)


@pytest.mark.parametrize("kind", ["user-namespace", "rootless", "vm"])
def test_an_isolated_engine_is_used_without_asking(kind: str) -> None:
    assert judge(with_isolation(kind), asked_for=False)[0] is Suitability.USABLE


def test_an_engine_without_isolation_needs_consent_or_being_named() -> None:
    assert judge(with_isolation("none"), asked_for=False)[0] is Suitability.CONSENT
    assert judge(with_isolation("none"), asked_for=True)[0] is Suitability.USABLE


def test_an_engine_without_seccomp_is_never_used() -> None:
    assert judge(with_isolation("rootless", seccomp=False), asked_for=True)[0] is Suitability.UNUSABLE


def test_a_url_is_taken_as_it_is() -> None:
    endpoint = named("tcp://example:2375", {"DOCKER_HOST": "unix:///other"})
    assert endpoint is not None
    assert endpoint.url == "tcp://example:2375"


def test_the_environment_names_an_engine() -> None:
    endpoint = named("auto", {"DOCKER_HOST": "unix:///some/docker.sock"})
    assert endpoint is not None
    assert endpoint.socket == Path("/some/docker.sock")
    assert "DOCKER_HOST" in endpoint.source


def test_the_private_engine_is_used_whatever_the_environment_names() -> None:
    assert named("private", {"DOCKER_HOST": "unix:///some/docker.sock"}) is None


def test_an_unknown_context_is_a_users_mistake() -> None:
    with pytest.raises(UsageError, match="no-such-context"):
        named("no-such-context", {})


def test_a_named_engine_that_does_not_answer_is_not_replaced_by_another(tmp_path: Path) -> None:
    choice = EngineChoice(engine=f"unix://{tmp_path}/none.sock", places=Places.under(tmp_path))
    [candidate] = survey(choice)
    assert candidate.suitability is Suitability.UNUSABLE
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        open_engine(choice, "s")


def test_the_usual_sockets_are_those_that_exist(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "docker.sock"))
        found = [
            endpoint.url for endpoint in usual({"XDG_RUNTIME_DIR": str(tmp_path), "HOME": "/none"}, uid=1)
        ]
        assert f"unix://{tmp_path}/docker.sock" in found
    assert not [url for url in found if "/none/" in url]


def test_when_nothing_can_be_used_every_reason_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "usual", lambda *_environ, **_uid: iter(()))
    monkeypatch.setattr(
        discovery, "obstacle", lambda _places: EngineError("needs dockerd, which is not installed")
    )
    with pytest.raises(EngineUnavailable, match="dockerd") as raised:
        open_engine(EngineChoice(places=Places.under(tmp_path), environ={}), "s")
    assert "doctor" in raised.value.remedy


def test_a_context_gives_its_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from docker.context.config import get_context_id

    folder = tmp_path / "contexts/meta" / get_context_id("mine")
    folder.mkdir(parents=True)
    meta = {"Name": "mine", "Metadata": {}, "Endpoints": {"docker": {"Host": "unix:///mine.sock"}}}
    (folder / "meta.json").write_text(json.dumps(meta))
    (tmp_path / "config.json").write_text(json.dumps({"currentContext": "mine"}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    by_name = named("mine", {})
    current = named("auto", {})
    assert by_name is not None
    assert current is not None
    assert by_name.url == current.url == "unix:///mine.sock"
