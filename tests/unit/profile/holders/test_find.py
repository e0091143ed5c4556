"""`runner.profile.holders`: profiles in other programs' files, with their positions."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import UsageError
from runner.profile.docker_conditions import CONTAINERD
from runner.profile.holders import Held, find_profiles
from runner.profile.source.reader import read_profile

PROFILE = '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}'


def only(text: str) -> Held:
    (held,) = find_profiles(text).profiles
    return held


def test_compose_names_files_by_service() -> None:
    text = """\
services:
  app:
    security_opt: ["no-new-privileges:true", "seccomp=./app.json"]
  db:
    security_opt:
      - seccomp:./db.json
      - apparmor=unconfined
  open:
    security_opt: [seccomp=unconfined]
"""
    holding = find_profiles(text)
    found = [(held.name, held.file) for held in holding.profiles]
    assert found == [("app", "./app.json"), ("db", "./db.json")]
    assert [str(off) for off in holding.off] == ["open has seccomp=unconfined"]


def test_profiles_that_compose_merges_from_an_anchor_are_found() -> None:
    text = """\
x-common: &common
  security_opt: [seccomp=./common.json]
services:
  app:
    <<: *common
"""
    assert only(text).file == "./common.json"


def test_of_several_anchors_that_compose_merges_the_first_has_the_last_word() -> None:
    text = """\
x-first: &first
  security_opt: [seccomp=./first.json]
x-second: &second
  security_opt: [seccomp=./second.json]
services:
  app:
    <<: [*first, *second]
    image: x
"""
    named = {name: held.file for held in find_profiles(text).profiles for name in held.name.split(", ")}
    assert named["app"] == "./first.json"


def test_compose_refuses_options_as_a_text() -> None:
    held = only("services:\n  app:\n    image: x\n    security_opt: seccomp=./p.json\n")
    assert held.fault is not None
    assert held.fault.reason == "services.app.security_opt is a text, and must be a list"
    assert held.fault.remedy == "write `- seccomp=./p.json` in it"


def test_options_as_a_mapping_are_refused() -> None:
    text = "services:\n  app:\n    image: x\n    security_opt:\n      seccomp: ./p.json\n"
    held = only(text)
    assert held.fault is not None
    assert held.fault.reason == "services.app.security_opt is a mapping, and must be a list"
    assert held.fault.remedy == "write `- seccomp=./p.json` in it"
    assert held.fault.at is not None
    assert held.fault.at.line == 5


def test_profiles_in_the_output_of_docker_inspect() -> None:
    text = json.dumps(
        [{"Id": "ab" * 32, "Name": "/web", "HostConfig": {"SecurityOpt": [f"seccomp={PROFILE}"]}}]
    )
    held = only(text)
    assert held.name == "web"
    assert held.part is not None
    assert read_profile(held.part.text, held.part.places).profile.rules[0].names == ("read",)


NAMED = {"metadata": {"name": "web"}}
WRAPPED = {
    "crictl inspect": lambda profile: {
        "info": {"runtimeSpec": {"linux": {"seccomp": profile}}},
        "status": NAMED,
    },
    "runtime configuration": lambda profile: [{"ociVersion": "1.0.2", "linux": {"seccomp": profile}}],
    "ctr info": lambda profile: {"Spec": {"linux": {"seccomp": profile}}, "ID": "web"},
    "ConfigMap": lambda profile: {"kind": "ConfigMap", **NAMED, "data": {"p.json": json.dumps(profile)}},
    "SeccompProfile": lambda profile: {"kind": "SeccompProfile", **NAMED, "spec": profile},
    "List": lambda profile: {"kind": "List", "items": [{"kind": "SeccompProfile", **NAMED, "spec": profile}]},
}


@pytest.mark.parametrize("wrap", WRAPPED.values(), ids=WRAPPED)
def test_a_profile_inside_another_object(wrap) -> None:
    held = only(json.dumps(wrap(json.loads(PROFILE)), indent=2))
    assert held.part is not None
    assert read_profile(held.part.text, held.part.places).profile.rules[0].names == ("read",)


def test_flags_of_docker_run_in_any_file() -> None:
    assert only('{"runArgs": ["--security-opt", "seccomp=./dev.json"]}').file == "./dev.json"
    assert only("kind: x\nrun: docker run --security-opt seccomp=./p.json alpine\n").file == "./p.json"
    assert only('{"seccomp-profile": "/etc/docker/seccomp.json"}').file == "/etc/docker/seccomp.json"


def test_a_service_of_a_swarm_holds_its_profile_encoded() -> None:
    encoded = base64.b64encode(PROFILE.encode()).decode()
    text = json.dumps([{"Spec": {"Privileges": {"Seccomp": {"Mode": "custom", "Profile": encoded}}}}])
    part = only(text).part
    assert part is not None
    assert read_profile(part.text).profile.rules[0].names == ("read",)


def test_the_annotation_of_older_clusters() -> None:
    text = json.dumps(
        {"metadata": {"annotations": {"seccomp.security.alpha.kubernetes.io/pod": "localhost/p.json"}}}
    )
    held = only(text)
    assert held.node_file == "/var/lib/kubelet/seccomp/p.json"
    assert held.note == "in an annotation that Kubernetes ignores from 1.27 on"


def test_a_profile_on_a_node_is_out_of_reach() -> None:
    text = """\
kind: Pod
metadata: {name: web}
spec:
  securityContext: {seccompProfile: {type: Localhost, localhostProfile: profiles/p.json}}
"""
    held = only(text)
    assert (held.name, held.node_file, held.reader) == (
        "web",
        "/var/lib/kubelet/seccomp/profiles/p.json",
        CONTAINERD,
    )


MANIFESTS = """\
---
apiVersion: security-profiles-operator.x-k8s.io/v1
kind: SeccompProfile
metadata:
  name: block
spec:
  defaultAction: SCMP_ACT_ERRNO
---
kind: SeccompProfile
metadata: {name: complain}
spec:
  baseProfileName: runc
  disabled: true
  defaultAction: SCMP_ACT_LOG
  syscalls:
    - action: SCMP_ACT_ERRNO
      errnoRet: "13"
      names:
        - chmod
"""


def test_all_documents_of_a_file_are_found_and_stand_where_they_stand() -> None:
    block, complain = find_profiles(MANIFESTS).profiles
    assert [block.name, complain.name] == ["block", "complain"]
    assert complain.part is not None
    reading = read_profile(complain.part.text, complain.part.places)
    rule = reading.profile.rules[0]
    assert (rule.names, rule.errno, rule.at.line) == (("chmod",), 13, 16)
    assert complain.lost == (
        "the rules of its base profile 'runc' are not in the file",
        "the manifest's 'disabled' is not part of a profile",
    )
    node = reading.document.find("syscalls[0].names[0]")
    assert node is not None
    at = reading.document.location(node.start, "")
    assert (at.line, at.column) == (19, 11)


def test_json_documents_one_after_another() -> None:
    text = "\n".join(
        json.dumps(
            {"kind": "SeccompProfile", "metadata": {"name": name}, "spec": {"defaultAction": "SCMP_ACT_LOG"}}
        )
        for name in "abc"
    )
    assert [held.name for held in find_profiles(text).profiles] == ["a", "b", "c"]


def test_a_profile_cut_out_of_json_keeps_its_place_and_its_spelling() -> None:
    text = '{"info":\n {"x": 1,\n  "seccomp": {"defaultAction": "SCMP_ACT_LOG",\n "sycalls": []}}}'
    part = only(text).part
    assert part is not None
    reading = read_profile(part.text, part.places)
    assert [(finding.rule, finding.at.line) for finding in reading.findings] == [("unknown-key", 4)]


def test_equal_profiles_of_several_owners_are_one() -> None:
    text = json.dumps(
        [{"Name": f"/{name}", "HostConfig": {"SecurityOpt": [f"seccomp={PROFILE}"]}} for name in ("a", "b")]
    )
    assert only(text).name == "a, b"


@pytest.mark.parametrize("text", ["a: [", "{", "\t- x", "&a [*a]x", "a: *nothing"])
def test_unreadable_profiles_are_errors_with_their_place(text: str) -> None:
    with pytest.raises(UsageError, match=r"line \d"):
        find_profiles(text)


def test_an_alias_within_itself_does_not_go_on_for_ever() -> None:
    assert find_profiles(
        "kind: SeccompProfile\nspec: &a\n  defaultAction: SCMP_ACT_LOG\n  syscalls: *a\n"
    ).profiles


@given(st.text(max_size=200))
def test_any_text_gives_profiles_or_one_clear_error(text: str) -> None:
    problem = ""
    try:
        find_profiles(text)
    except UsageError as error:
        problem = str(error)
    assert len(problem.splitlines()) <= 1


def test_encoded_data_of_manifests_are_read() -> None:
    log, trap = (
        base64.b64encode(b'{"defaultAction": "SCMP_ACT_%s"}' % name).decode() for name in (b"LOG", b"TRAP")
    )
    text = f"""
kind: ConfigMap
metadata: {{name: a}}
binaryData: {{c.json: {log}, d.bin: AAAA}}
---
kind: Secret
metadata: {{name: b}}
data: {{d.json: {trap}}}
stringData: {{e.json: '{{"defaultAction": "SCMP_ACT_ALLOW"}}'}}
"""
    assert [held.where for held in find_profiles(text).profiles] == [
        "document 1.binaryData.c.json",
        "document 2.data.d.json",
        "document 2.stringData.e.json",
    ]


def test_the_base_of_an_operators_profile_is_told() -> None:
    spec = "{baseProfileName: runc-v1.1.5, defaultAction: SCMP_ACT_LOG}"
    text = f"kind: SeccompProfile\nmetadata: {{name: x}}\nspec: {spec}\n"
    assert [held.base for held in find_profiles(text).profiles] == ["runc-v1.1.5"]


def test_crictl_gives_the_profile_that_came_of_what_was_asked_for():
    asked = {
        "linux": {"security_context": {"seccomp": {"profile_type": 2, "localhost_ref": "/var/lib/x/a.json"}}}
    }
    done = {"ociVersion": "1.0.2", "linux": {"seccomp": json.loads(PROFILE)}}
    held = only(
        json.dumps({"status": {"metadata": {"name": "c"}}, "info": {"config": asked, "runtimeSpec": done}})
    )
    assert (held.name, held.where) == ("c", "info.runtimeSpec.linux.seccomp")
    assert only(json.dumps({"kind": "x", "info": {"config": asked}})).node_file == "/var/lib/x/a.json"


@pytest.mark.parametrize(
    ("text", "said", "step"),
    [
        (
            "kind: ProfileRecording\nspec: {kind: SeccompProfile}\n",
            "a ProfileRecording only names some",
            "kubectl",
        ),
        ("kind: Deployment\nspec: {}\n", "it is of kind Deployment", "name a file"),
        (
            "kind: Pod\nspec: {securityContext: {seccompProfile: {type: RuntimeDefault}}}\n",
            "RuntimeDefault",
            "name",
        ),
    ],
)
def test_a_file_without_a_profile_says_what_it_is(text, said, step):
    error = find_profiles(text).none()
    assert said in str(error)
    assert step in error.remedy
