"""`runner.profile.holders.kubernetes`: what Kubernetes refuses in the field `seccompProfile`."""

import json

import pytest

from runner.profile.holders import find_profiles


def manifest(profile: dict[str, str]) -> str:
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
    ],
)
def test_a_field_that_kubernetes_refuses(profile: dict[str, str], reason: str) -> None:
    (held,) = find_profiles(manifest(profile)).profiles
    assert reason in held.fault[0]
    assert held.fault[1]
    assert held.at is not None


@pytest.mark.parametrize(
    "profile",
    [
        {"type": "RuntimeDefault"},
        {"type": "Unconfined"},
        {"type": "RuntimeDefault | Localhost"},
        {"type": "?*"},
    ],
)
def test_a_good_field_and_a_policys_pattern_are_no_fault(profile: dict[str, str]) -> None:
    assert find_profiles(manifest(profile)).profiles == ()
