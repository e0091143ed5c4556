"""`runner.profile.holders.kubernetes`: what Kubernetes refuses in the field `seccompProfile`."""

import json

import pytest

from runner.profile.holders import find_profiles


def manifest(profile: dict[str, str | None]) -> str:
    spec = {"containers": [{"name": "a", "image": "x", "securityContext": {"seccompProfile": profile}}]}
    return json.dumps({"kind": "Pod", "metadata": {"name": "p"}, "spec": spec})


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        (
            {"type": "runtime/default"},
            "Kubernetes knows no type 'runtime/default' (did you mean RuntimeDefault?)",
        ),
        (
            {"type": "localhost", "localhostProfile": "a.json"},
            "no type 'localhost' (did you mean Localhost?)",
        ),
        ({"type": "Localhost"}, "has the type Localhost and names no file: Kubernetes refuses it"),
        (
            {"type": "RuntimeDefault", "localhostProfile": "a.json"},
            "names a file beside the type RuntimeDefault",
        ),
        ({"localhostProfile": "a.json"}, "has no type: Kubernetes refuses it"),
        ({}, "has no type: Kubernetes refuses it"),
        ({"type": None}, "has no type: Kubernetes refuses it"),
        ({"type": ""}, "has no type: Kubernetes refuses it"),
        ({"type": "Localhost", "localhostProfile": "/a.json"}, "names '/a.json', an absolute path"),
        (
            {"type": "Localhost", "localhostProfile": "a/../../b.json"},
            "a path with `..`: Kubernetes refuses it",
        ),
    ],
)
def test_a_field_that_kubernetes_refuses(profile: dict[str, str | None], reason: str) -> None:
    (held,) = find_profiles(manifest(profile)).profiles
    assert held.fault is not None
    assert reason in held.fault.reason
    assert held.fault.remedy
    assert held.fault.at is not None


@pytest.mark.parametrize(
    "profile",
    [
        {"type": "RuntimeDefault"},
        {"type": "Unconfined"},
        {"type": "RuntimeDefault | Localhost"},
        {"type": "?*"},
        {"=(type)": "RuntimeDefault"},
        {"$patch": "delete"},
    ],
)
def test_a_good_field_and_a_policys_pattern_are_no_fault(profile: dict[str, str | None]) -> None:
    assert find_profiles(manifest(profile)).profiles == ()


def test_the_field_of_a_schema_is_none_of_a_container():
    field = {
        "type": "object",
        "properties": {"type": {"type": "string"}, "localhostProfile": {"type": "string"}},
    }
    schema = {"properties": {"securityContext": {"properties": {"seccompProfile": field}}}}
    holding = find_profiles(json.dumps({"kind": "CustomResourceDefinition", "spec": schema}))
    assert holding.profiles == ()


def test_a_file_with_two_points_in_its_name_is_good():
    (held,) = find_profiles(manifest({"type": "Localhost", "localhostProfile": "a..b.json"})).profiles
    assert held.fault is None
