"""`runner.profile.holders.unnamed`: files that describe containers and name no profile for them."""

import json

import pytest

from runner.profile.errors import TurnsOffError
from runner.profile.holders import find_profiles
from runner.profile.holders.kubernetes import pod_of_annotation
from runner.profile.holders.unnamed import names_none, of_container, unconfined_beside

DEFAULT: dict[str, object] = {"seccompProfile": {"type": "RuntimeDefault"}}
PARSES_PATHS = (
    "runner.profile.holders.nearest.pod_of_annotation",
    "runner.profile.holders.unnamed.pod_of_annotation",
)
UNCONFINED: dict[str, object] = {"seccompProfile": {"type": "Unconfined"}}


def pod(of_pod: dict[str, object], *of_containers: dict[str, object]) -> str:
    containers = [
        {"name": name, "image": "nginx", "securityContext": context}
        for name, context in zip("abc", of_containers, strict=False)
    ]
    spec = {"securityContext": of_pod, "containers": containers}
    return json.dumps({"kind": "Pod", "metadata": {"name": "p"}, "spec": spec})


@pytest.mark.parametrize(
    "text",
    [
        pod(DEFAULT, {}, {}),
        pod({}, DEFAULT),
        "services:\n  web:\n    image: nginx\n",
        "services:\n  web:\n    build: .\n    security_opt: [seccomp=builtin]\n",
        json.dumps([{"Id": "ab" * 32, "Name": "/web", "HostConfig": {"SecurityOpt": None}}]),
        json.dumps([{"ID": "a", "Spec": {"Name": "s", "TaskTemplate": {"ContainerSpec": {"Image": "x"}}}}]),
        json.dumps({"ContainerSpec": {"Privileges": {"Seccomp": {"Mode": "default"}}}}),
    ],
)
def test_the_engines_default_is_in_force_where_nothing_is_named(text: str) -> None:
    found = names_none(find_profiles(text))
    assert found is not None
    assert found.reason == "names no profile: the engine's own default is in force"


def test_kubernetes_confines_nothing_where_nothing_is_named() -> None:
    found = names_none(find_profiles(pod({}, DEFAULT, {}, {})))
    assert found is not None
    assert found.reason.startswith("names no profile for b, c: Kubernetes confines nothing, unless")
    assert "RuntimeDefault" in found.remedy


@pytest.mark.parametrize(
    "text",
    [
        pod(UNCONFINED, {}),
        "services:\n  web:\n    image: nginx\n    privileged: true\n",
        "kind: ConfigMap\nmetadata: {name: x}\n",
        "services:\n  web:\n    image: nginx\n    security_opt: [seccomp=./a.json]\n",
    ],
)
def test_what_turns_seccomp_off_or_holds_no_container_is_no_good_file(text: str) -> None:
    assert names_none(find_profiles(text)) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (pod(DEFAULT, {}, {"privileged": True}), "b runs without a filter: privileged: true (line 1)"),
        (pod(UNCONFINED, DEFAULT, {}), "b runs without a filter: type: Unconfined (line 1)"),
    ],
)
def test_a_container_that_runs_without_a_filter_is_told_by_its_name(text: str, said: str) -> None:
    holding = find_profiles(text)
    off, other = of_container(holding, "b"), of_container(holding, "a")
    assert off is not None
    assert isinstance(off, TurnsOffError)
    assert (off.reason, bool(off.remedy)) == (said, True)
    assert other is not None
    assert other.reason == "a names no profile: the engine's own default is in force"
    assert of_container(holding, "d") is None


def test_an_annotation_alone_is_told_with_the_version_that_ignores_it() -> None:
    annotations = {"seccomp.security.alpha.kubernetes.io/pod": "runtime/default"}
    manifest = {**json.loads(pod({}, {}, {})), "metadata": {"name": "p", "annotations": annotations}}
    found = names_none(find_profiles(json.dumps(manifest)))
    assert found is not None
    assert found.reason.startswith(
        "names a profile for a, b in an annotation alone, which Kubernetes ignores from 1.27 on"
    )


def test_an_annotation_for_one_container_says_nothing_of_another() -> None:
    annotations = {"container.seccomp.security.alpha.kubernetes.io/a": "runtime/default"}
    manifest = {**json.loads(pod({}, {}, {})), "metadata": {"name": "p", "annotations": annotations}}
    found = names_none(find_profiles(json.dumps(manifest)))
    assert found is not None
    assert found.reason.startswith("names no profile for a, b: Kubernetes confines nothing")


def annotated(name: str, container: str, annotation: str, value: str) -> dict[str, object]:
    """A Deployment, or if `annotation` is empty, the same without one."""
    manifest: dict[str, object] = json.loads(pod({}, {}).replace('"a"', f'"{container}"'))
    metadata = {"annotations": {annotation: value}} if annotation else {}
    template = {"metadata": metadata, "spec": manifest["spec"]}
    return {"kind": "Deployment", "metadata": {"name": name}, "spec": {"template": template}}


OF_POD = "seccomp.security.alpha.kubernetes.io/pod"
OF_CONTAINER = "container.seccomp.security.alpha.kubernetes.io/"


@pytest.mark.parametrize("annotation", [OF_POD, f"{OF_CONTAINER}a"])
def test_the_annotation_of_one_pod_says_nothing_of_another(annotation: str) -> None:
    one, two = (
        annotated(name, container, with_it, "runtime/default")
        for name, container, with_it in (("one", "a", annotation), ("two", "b", ""))
    )
    for documents in ((one, two), (two, one)):
        found = names_none(find_profiles("\n".join(map(json.dumps, documents))))
        assert found is not None
        assert "annotation" not in found.reason
        assert found.reason.startswith("names no profile for ")
    alone = names_none(find_profiles(json.dumps(one)))
    assert alone is not None
    assert alone.reason.startswith("names a profile for a in an annotation alone")


def test_the_annotation_of_one_pod_hides_no_container_of_another() -> None:
    documents = [
        annotated("one", "a", OF_POD, "localhost/p.json"),
        annotated("two", "b", OF_POD, "runtime/default"),
        annotated("three", "c", "", ""),
    ]
    found = unconfined_beside(find_profiles("\n".join(map(json.dumps, documents))))
    assert found.startswith("names no profile for three/c: Kubernetes confines nothing")


@pytest.mark.parametrize(
    ("annotation", "of_a", "of_b"),
    [
        (OF_POD, "runs without a filter", "runs without a filter"),
        (f"{OF_CONTAINER}a", "runs without a filter", "names no profile"),
    ],
)
def test_an_annotation_turns_seccomp_off_for_its_target_before_a_version(
    annotation: str, of_a: str, of_b: str
) -> None:
    manifest = {
        **json.loads(pod({}, {}, {})),
        "metadata": {"name": "p", "annotations": {annotation: "unconfined"}},
    }
    holding = find_profiles(json.dumps(manifest))
    assert holding.off[0].said == f"{annotation}: unconfined, which Kubernetes ignores from 1.27 on"
    for name, said in (("a", of_a), ("b", of_b)):
        error = of_container(holding, name)
        assert error is not None
        assert error.reason.startswith(f"{name} {said}")


def test_a_swarms_service_may_turn_seccomp_off() -> None:
    container = {"Image": "x", "Privileges": {"Seccomp": {"Mode": "unconfined"}}}
    holding = find_profiles(
        json.dumps([{"Spec": {"Name": "s", "TaskTemplate": {"ContainerSpec": container}}}])
    )
    assert [str(off) for off in holding.off] == ["s has Seccomp.Mode: unconfined"]
    assert names_none(holding) is None


LOCAL: dict[str, object] = {"seccompProfile": {"type": "Localhost", "localhostProfile": "p.json"}}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (pod({}, LOCAL, {}), "names no profile for b: Kubernetes confines nothing, unless"),
        (pod({}, LOCAL, LOCAL), ""),
        (pod(LOCAL, {}, {}), ""),
        (pod({}, LOCAL, DEFAULT), ""),
        (pod({}, LOCAL, UNCONFINED), ""),
    ],
)
def test_a_container_without_a_profile_beside_one_with_a_profile_is_told(text: str, said: str) -> None:
    found = unconfined_beside(find_profiles(text))
    assert found.startswith(said)
    assert bool(found) == bool(said)


def test_each_container_looks_at_the_places_of_its_own_pod_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    pods = [
        {**json.loads(pod({}, LOCAL, DEFAULT, {})), "metadata": {"name": f"p{index}"}} for index in range(300)
    ]
    holding = find_profiles(json.dumps({"kind": "List", "items": pods}))
    looked = 0

    def counted(where: str) -> tuple[str, str] | None:
        nonlocal looked
        looked += 1
        return pod_of_annotation(where)

    for name in PARSES_PATHS:
        monkeypatch.setattr(name, counted, raising=False)
    found = unconfined_beside(holding)
    assert found.startswith("names no profile for p0/c, p1/c, ")
    assert 0 < looked <= 3 * len(pods)


def test_a_pods_place_says_nothing_of_an_object_below_it() -> None:
    template = {"spec": json.loads(pod({}, {}, LOCAL))["spec"]}
    spec = {"securityContext": DEFAULT, "template": template}
    found = unconfined_beside(find_profiles(json.dumps({"kind": "Deployment", "spec": spec})))
    assert found.startswith("names no profile for a: ")


def test_containers_of_several_pods_are_told_apart_and_not_without_end() -> None:
    pods = [{**json.loads(pod({}, {})), "metadata": {"name": f"p{index}"}} for index in range(12)]
    found = names_none(find_profiles(json.dumps({"kind": "List", "items": pods})))
    assert found is not None
    assert found.reason.startswith("names no profile for p0/a, p1/a, ")
    assert "p7/a, and 4 more: " in found.reason


def test_places_that_turn_seccomp_off_are_named_once() -> None:
    text = "".join(f"---\n{pod(UNCONFINED, {})}\n" for _ in range(2))
    assert find_profiles(text).none().reason.count("type: Unconfined (line 2)") == 1


NAMED = (
    "names no profile itself: its profile is /var/lib/kubelet/seccomp/p.json, named at spec.securityContext."
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (pod(LOCAL, {}), NAMED),
        (pod(LOCAL, {}, UNCONFINED), NAMED),
        (pod(LOCAL, DEFAULT), "names no profile: the engine's own default is in force"),
        (pod(LOCAL, UNCONFINED), "runs without a filter: type: Unconfined"),
        (pod(LOCAL, {"privileged": True}), "runs without a filter: privileged: true"),
    ],
)
def test_a_container_has_the_profile_of_its_pod_unless_it_says_something_itself(text: str, said: str) -> None:
    error = of_container(find_profiles(text), "a")
    assert error is not None
    assert error.reason.startswith(f"a {said}")
    assert error.remedy


def test_of_several_profiles_with_the_name_of_a_container_one_is_to_be_named() -> None:
    texts = [pod({}, LOCAL), pod({}, LOCAL).replace("p.json", "q.json")]
    holding = find_profiles("\n".join(texts))
    error = of_container(holding, "p/a")
    assert error is not None
    assert error.reason == "p/a is not the whole name of a profile"
    assert error.remedy == f"name one of {holding.profiles[0].name}; {holding.profiles[1].name}"


def test_the_profile_of_a_pod_in_a_config_map_beside_it_is_picked_by_its_key() -> None:
    content = '{"defaultAction": "SCMP_ACT_ALLOW"}'
    config = {
        "kind": "ConfigMap",
        "metadata": {"name": "c"},
        "data": {"p.json": content, "q.json": content.replace("ALLOW", "LOG")},
    }
    error = of_container(
        find_profiles("\n".join(map(json.dumps, (config, json.loads(pod(LOCAL, {})))))), "p/a"
    )
    assert error is not None
    assert "its profile is /var/lib/kubelet/seccomp/p.json" in error.reason
    assert error.remedy == "name one of p; q"


@pytest.mark.parametrize(
    ("of_pod", "said"),
    [({}, "its profile is /var/lib/kubelet/seccomp/p.json"), (DEFAULT, "the engine's own default")],
)
def test_the_field_of_a_pod_goes_before_its_annotation(of_pod: dict[str, object], said: str) -> None:
    metadata = {"name": "p", "annotations": {OF_POD: "localhost/p.json"}}
    error = of_container(
        find_profiles(json.dumps({**json.loads(pod(of_pod, {})), "metadata": metadata})), "a"
    )
    assert error is not None
    assert said in error.reason


def test_a_container_has_the_fault_of_its_pods_profile() -> None:
    error = of_container(find_profiles(pod({"seccompProfile": {"type": "Localhost"}}, {})), "a")
    assert error is not None
    assert error.reason.endswith("has the type Localhost and names no file: Kubernetes refuses it")
