"""The requirements on a cluster, and on a host, checked without one."""

import asyncio
import copy
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from traitlets.config import Config

from runner.cli.main import whole_parser

_DEPLOY = Path(__file__).parents[3] / "deploy/jupyterhub"
_WORD = "a-long-enough-word"
_RELEASES = ("1.33", "1.35", "1.37")
_MANIFESTS = [
    pytest.param(document, id=f"{document['kind']}-{document['metadata']['name']}")
    for file in sorted((_DEPLOY / "kubernetes").glob("*.yaml"))
    for document in yaml.safe_load_all(file.read_text())
]


def configured(file: Path, monkeypatch: pytest.MonkeyPatch, **variables: str) -> Config:
    """The settings in a configuration of JupyterHub."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    config = Config()
    runpy.run_path(str(file), {"get_config": lambda: config})
    return config


@pytest.fixture
def pod(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The pod of a learner, as KubeSpawner asks for it."""
    return pod_of(monkeypatch)


def pod_of(monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Any]:
    """The pod of a learner where the Hub has these variables."""
    file = _DEPLOY / "kubernetes/jupyterhub_config.py"
    config = configured(file, monkeypatch, WORKSHOP_PASSWORD=_WORD, **variables)
    # There is no cluster whose address could be looked up.
    monkeypatch.setattr("kubespawner.spawner.load_config", lambda *_, **__: None)
    monkeypatch.setattr("kubespawner.spawner.shared_client", lambda *_, **__: None)
    from kubernetes_asyncio.client import ApiClient
    from kubespawner import KubeSpawner

    spawner = KubeSpawner(config=config, _mock=True)

    async def manifest() -> dict[str, Any]:
        async with ApiClient() as client:
            return client.sanitize_for_serialization(await spawner.get_pod_manifest())

    return asyncio.run(manifest())


def validate(document: dict[str, Any], release: str) -> None:
    """Raise `ValidationError` unless a release of Kubernetes would take the document."""
    # Seconds of a processor, which every worker would spend while it looks for tests.
    import kubernetes_validate

    kubernetes_validate.validate(document, release, strict=True)


@pytest.mark.parametrize("release", _RELEASES)
@pytest.mark.parametrize("manifest", _MANIFESTS)
def test_a_manifest_is_as_kubernetes_has_published(manifest: dict[str, Any], release: str) -> None:
    validate(manifest, release)


@pytest.mark.parametrize("release", _RELEASES)
def test_a_learners_pod_is_as_kubernetes_has_published(pod: dict[str, Any], release: str) -> None:
    validate(pod, release)


def test_mistakes_in_manifests_are_found(pod: dict[str, Any]) -> None:
    """So that the two above say something."""
    wrong = copy.deepcopy(pod)
    wrong["spec"]["hostUser"] = wrong["spec"].pop("hostUsers")
    from kubernetes_validate import ValidationError

    with pytest.raises(ValidationError, match="hostUser"):
        validate(wrong, _RELEASES[-1])


def test_a_box_has_nothing_of_the_webs(pod: dict[str, Any]) -> None:
    """Not its token, the database's address, or write access to its folder; and no user of the node."""
    spec = pod["spec"]
    web, box = spec["containers"]
    assert spec["hostUsers"] is False
    assert spec["automountServiceAccountToken"] is False
    assert not spec.get("serviceAccountName")
    assert not any(spec.get(name) for name in ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"))
    assert box["name"] == "box"
    assert "env" not in box
    assert "envFrom" not in box
    assert not box["securityContext"].get("privileged")
    between = {mount["mountPath"]: mount.get("readOnly", False) for mount in box["volumeMounts"]}
    assert between["/run/between"] is True
    assert not any("hostPath" in volume for volume in spec["volumes"])

    assert web["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert web["securityContext"]["runAsNonRoot"] is True
    named = {entry["name"]: entry for entry in web["env"]}
    assert "value" not in named["WORKSHOP_RECORD"]
    assert named["WORKSHOP_RECORD"]["valueFrom"]["secretKeyRef"]["name"] == "record"
    assert {mount["name"] for mount in web["volumeMounts"]} == {"between"}


def test_a_class_in_another_language_is_so_in_all_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    pod = pod_of(monkeypatch, WORKSHOP_LANGUAGE="es")
    validate(pod, _RELEASES[0])
    web, box = pod["spec"]["containers"]
    assert {"name": "WORKSHOP_LANGUAGE", "value": "es"} in web["env"]
    folder, *session = box["command"][2:]
    assert folder == "/run/between"
    asked = whole_parser().parse_args(session[session.index("run") :])
    assert (asked.lang, asked.resume) == ("es", True)


def test_all_that_one_host_says_of_its_class_can_be_said_of_a_clusters(
    monkeypatch: pytest.MonkeyPatch, pod: dict[str, Any]
) -> None:
    host = configured(
        _DEPLOY / "one-host/jupyterhub_config.py", monkeypatch, WORKSHOP_PUBLIC_URL="https://w/"
    )
    said = set(host.Spawner.environment)
    assert "WORKSHOP_LANGUAGE" in said
    assert said <= {entry["name"] for entry in pod["spec"]["containers"][0]["env"]}
    (dashboard,) = (
        parameter.values[0]["spec"]["template"]["spec"]["containers"][0]
        for parameter in _MANIFESTS
        if parameter.id == "Deployment-dashboard"
    )
    assert said <= {entry["name"] for entry in dashboard["env"]}


def policies() -> Iterator[dict[str, Any]]:
    yield from yaml.safe_load_all((_DEPLOY / "kubernetes/network.yaml").read_text())


def test_nothing_may_talk_that_is_not_named() -> None:
    by_name = {policy["metadata"]["name"]: policy["spec"] for policy in policies()}
    assert by_name["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    learner = by_name["learner"]
    assert learner["policyTypes"] == ["Ingress", "Egress"]
    ports = {port["port"] for rule in learner["egress"] for port in rule["ports"]}
    assert ports == {8081, 5432, 53}
    assert all(rule["to"] for rule in learner["egress"])


def test_every_part_that_a_policy_names_is_one_that_there_is(pod: dict[str, Any]) -> None:
    """A label that is written differently would let nobody through, or everyone."""
    there = {pod["metadata"]["labels"]["part"], "record"}  # an operator brings the database
    for parameter in _MANIFESTS:
        manifest = parameter.values[0]
        if manifest["kind"] == "Deployment":
            there.add(manifest["spec"]["template"]["metadata"]["labels"]["part"])
    named = {part for policy in policies() for part in _parts(policy)}
    assert named == there


def _parts(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(part := value.get("part"), str):
            yield part
        for one in value.values():
            yield from _parts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _parts(one)


def test_one_host_is_configured_as_jupyterhub_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from jupyterhub.app import JupyterHub

    config = configured(
        _DEPLOY / "one-host/jupyterhub_config.py",
        monkeypatch,
        WORKSHOP_PUBLIC_URL="https://workshop.example/",
        WORKSHOP_PASSWORD=_WORD,
        WORKSHOP_INSTRUCTORS="grace alan",
    )
    app = JupyterHub(config=config)
    assert app.public_url == "https://workshop.example/"
    assert app.spawner_class.__name__ == "BoxSpawner"
    assert app.load_groups["instructors"]["users"] == ["grace", "alan"]
    assert {service["name"] for service in app.services} == {"dashboard", "idle"}
    known = {"JupyterHub", "ConfigurableHTTPProxy", "Authenticator", "Spawner", "SharedPasswordAuthenticator"}
    assert set(config) <= known
    assert all(app.has_trait(name) for name in config.JupyterHub)
    assert sys.executable in app.services[0]["command"]
