"""Profiles that the lines of configurations, units and scripts name."""

import pytest

from runner.profile.holders import find_profiles
from runner.profile.holders.find import may_hold
from runner.profile.importers.detect import detect

FILES = {
    "containers.conf": '[containers]\n# seccomp_profile = "old.json"\nseccomp_profile = "p.json"\n',
    "CRI-O": '[crio.runtime]\n  seccomp_profile="p.json" # ours\n',
    "a Quadlet": "[Container]\nImage=x\nSeccompProfile=p.json\n",
    "a unit": "[Service]\nExecStart=/usr/bin/docker run --security-opt seccomp=p.json --name x lab\n",
    "a script": "#!/bin/sh\n# docker run --security-opt seccomp=old.json\n"
    "docker run --rm \\\n  --security-opt='seccomp=p.json' lab true\n",
    "Nomad": 'task "t" {\n  config {\n'
    '    security_opt = [\n      "no-new-privileges",\n      "seccomp=p.json",\n    ]\n  }\n}\n',
    "Terraform": 'resource "docker_container" "x" {\n  security_opts = ["seccomp:p.json"]\n}\n',
    "a script with quotes around the profile": "podman run --security-opt seccomp='p.json' lab\n",
    "CRI-O for privileged ones": '[crio.runtime]\nseccomp_profile = ""\nprivileged_seccomp_profile = "p.json"\n',
    "containerd": '[plugins."io.containerd.grpc.v1.cri"]\n  unset_seccomp_profile = "localhost/p.json"\n',
    "GitLab's runner": '[[runners]]\n  [runners.docker]\n    security_opt = ["seccomp:p.json"]\n',
    "the engine's unit": "[Service]\nExecStart=/usr/bin/dockerd --seccomp-profile=p.json -H fd://\n",
    "the engine's options": 'DOCKER_OPTS="--seccomp-profile p.json"\n',
    "BuildKit": '[worker.oci]\n  seccompProfile = "p.json"\n',
    "a list of words": 'd.create_args = ["--security-opt", "seccomp=p.json"]\n',
    "a Makefile": "run:\n\tdocker run --security-opt seccomp:p.json lab\n",
}


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_the_file_that_a_line_names_is_found(text: str) -> None:
    assert may_hold(text)
    assert detect(text) == "held"
    found = find_profiles(text)
    assert [held.file for held in found.profiles] == ["p.json"]
    assert found.off == ()


@pytest.mark.parametrize("quote", "'\"")
def test_a_quoted_option_names_a_file_with_a_space(quote: str) -> None:
    found = find_profiles(f"docker run --security-opt {quote}seccomp=my profile.json{quote} lab\n")
    assert [held.file for held in found.profiles] == ["my profile.json"]


def test_a_line_that_turns_seccomp_off_is_told_with_its_place() -> None:
    found = find_profiles("[Container]\nSeccompProfile=unconfined\n")
    assert found.profiles == ()
    assert [(str(off), off.line, off.column) for off in found.off] == [("seccomp=unconfined", 2, 16)]


@pytest.mark.parametrize("text", ["read\nwrite\n", 'seccomp_profile = ""\n', "# SeccompProfile=p.json\n"])
def test_other_lines_name_none(text: str) -> None:
    assert not may_hold(text)
