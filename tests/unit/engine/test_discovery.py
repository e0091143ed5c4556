from pathlib import Path
from types import SimpleNamespace

import pytest

from runner.engine import discovery
from runner.engine.api import EngineUnavailable
from runner.engine.discovery import EngineChoice, Suitability, judge, open_engine, survey
from runner.engine.docker.describe import engine_info, isolation
from runner.engine.private.places import Places
from runner.errors import EngineError
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
    ("options", "apart", "kind"),
    [
        (["name=seccomp,profile=default", "name=rootless"], False, "rootless"),
        (["name=userns"], False, "user-namespace"),
        (["name=userns"], True, "user-namespace"),
        (["name=seccomp,profile=default"], True, "vm"),
        (["name=seccomp,profile=default", "name=cgroupns"], False, "none"),
    ],
)
def test_isolation_is_read_from_the_security_options(options: list[str], apart: bool, kind: str) -> None:
    assert isolation(options, apart=apart) == kind


def test_a_program_for_virtual_machines_with_this_kernel_runs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.uname", lambda: SimpleNamespace(release=VERSION["KernelVersion"]))
    info = {"Name": "docker-desktop", "SecurityOptions": ["name=seccomp,profile=default"]}
    assert engine_info(VERSION, info, "unix:///x").isolation == "none"
    assert engine_info(VERSION | {"KernelVersion": "6.19"}, info, "unix:///x").isolation == "vm"


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


def test_a_named_engine_that_does_not_answer_is_not_replaced_by_another(tmp_path: Path) -> None:
    choice = EngineChoice(engine=f"unix://{tmp_path}/none.sock", places=Places.under(tmp_path))
    [candidate] = survey(choice)
    assert candidate.suitability is Suitability.UNUSABLE
    with pytest.raises(EngineUnavailable, match="cannot be reached"):
        open_engine(choice, "s")


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
