"""`runner.profile.holders.misplaced`: fields about seccomp that Kubernetes does not have there."""

import pytest

from runner.profile.holders import find_profiles

POD = "kind: Pod\nmetadata: {name: p}\nspec:\n  %s\n  containers:\n  - {name: a, image: x, %s}\n"
DEFAULT = "{type: RuntimeDefault}"


@pytest.mark.parametrize(
    ("of_pod", "of_container", "said"),
    [
        (f"seccompProfile: {DEFAULT}", "args: []", "spec.seccompProfile is not where"),
        ("hostPID: false", f"seccompProfile: {DEFAULT}", "spec.containers[0].seccompProfile is not where"),
        (f"securityContext: {{seccompprofile: {DEFAULT}}}", "args: []", "(did you mean seccompProfile?)"),
        ("hostPID: false", "securityContext: {seccomp: RuntimeDefault}", "(did you mean seccompProfile?)"),
        (
            "securityContext: {runAsUser: 1, seccompProfiles: []}",
            "args: []",
            "(did you mean seccompProfile?)",
        ),
        ("securityContext: {seccompProfile: null, type: RuntimeDefault}", "args: []", "'type' stands beside"),
        ("securityContext: {seccompProfile: RuntimeDefault}", "args: []", "must be a mapping"),
        (f"securityContext: {{seccompProfile: [{DEFAULT}]}}", "args: []", "is a list, and must be a mapping"),
    ],
)
def test_a_field_that_kubernetes_does_not_have_there_is_a_fault(
    of_pod: str, of_container: str, said: str
) -> None:
    (held,) = find_profiles(POD % (of_pod, of_container)).profiles
    assert held.fault is not None
    assert said in held.fault.reason
    assert held.fault.at is not None
    assert held.fault.remedy


@pytest.mark.parametrize(
    "text",
    [
        f"kind: Cluster\nspec: {{instances: 3, seccompProfile: {DEFAULT}}}\n",
        "kind: x\nsecurityContext: {seccomp: on, other: 1}\n",
        POD % (f"securityContext: {{seccompProfile: {DEFAULT}}}", "args: []"),
        POD % ("securityContext: {seccompProfile: null}", "args: []"),
        POD % ("securityContext: {seccompProfile: '{{ x }}'}", "args: []"),
    ],
)
def test_other_objects_have_fields_of_that_name(text: str) -> None:
    assert find_profiles(text).profiles == ()


def test_a_profile_in_a_registry_is_cri_os() -> None:
    text = "kind: Pod\nmetadata: {annotations: {seccomp-profile.kubernetes.cri-o.io/a: quay.io/x/y:1}}\nspec: {}\n"
    (held,) = find_profiles(text).profiles
    assert held.fault is not None
    assert "quay.io/x/y:1, a profile in a registry" in held.fault.reason
    assert "oras pull quay.io/x/y:1" in (held.fault.remedy or "")


@pytest.mark.parametrize(
    ("text", "path", "step"),
    [
        (
            "services: {web: {image: a}}\nsecurity_opt: [seccomp=unconfined]\n",
            "security_opt",
            "into a service",
        ),
        (
            "services: {web: {image: a, securityOpt: [seccomp=unconfined]}}\n",
            "services.web.securityOpt",
            "write it as `security_opt`",
        ),
        (
            "services: {web: {build: {context: ., security_opt: [seccomp=p.json]}}}\n",
            "services.web.build.security_opt",
            "into services.web itself",
        ),
        (
            "services: {web: {image: a, seccomp: unconfined}}\n",
            "services.web.seccomp",
            "write `security_opt: [seccomp=unconfined]`",
        ),
    ],
)
def test_options_where_compose_does_not_have_them_are_refused(text: str, path: str, step: str) -> None:
    found = find_profiles(text)
    (held,) = found.profiles
    assert held.fault is not None
    assert held.fault.reason == f"{path}: Compose has no such key and refuses the file"
    assert step in (held.fault.remedy or "")
    assert not found.off


@pytest.mark.parametrize(
    "text",
    [
        "services: {web: {image: a, security_opt: [seccomp=unconfined]}}\n",
        "services: {web: {command: a, securityOpt: [seccomp=unconfined]}}\n",
        "services: {web: {image: a}}\nx-a: {security_opt: [seccomp=unconfined]}\n",
        "security_opts: [seccomp=unconfined]\n",
    ],
)
def test_other_options_count_where_they_stand(text: str) -> None:
    found = find_profiles(text)
    assert found.profiles == ()
    assert found.off
