"""Profiles that the lines of configurations, units and scripts name."""

from time import process_time

import pytest

from runner.profile.holders import find_profiles
from runner.profile.holders.find import may_hold
from runner.profile.holders.settings import settings
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


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_a_line_that_is_a_comment_names_none(text: str) -> None:
    commented = "".join(f"# {line}\n" for line in text.splitlines())
    assert not may_hold(commented)


@pytest.mark.parametrize(
    "text",
    [
        '# args = ["--security-opt", "seccomp=old.json"]\nargs = ["--security-opt", "seccomp=%s"]\n',
        'security_opt = [\n  # "seccomp=old.json",\n  "seccomp=%s",\n]\n',
        "docker run --security-opt seccomp=%s lab  # not --security-opt seccomp=old.json\n",
        "[Service]\n; ExecStart=docker run --security-opt seccomp=old.json x\n"
        "ExecStart=docker run --security-opt seccomp=%s x\n",
        '[worker.oci]\n  # seccompProfile = "old.json"\n  seccompProfile = "%s"\n',
    ],
)
@pytest.mark.parametrize("value", ["unconfined", "p.json"])
def test_a_comment_does_not_hide_the_line_that_counts(text: str, value: str) -> None:
    found = find_profiles(text % value)
    assert "old.json" not in [held.file for held in found.profiles]
    assert bool(found.off) is (value == "unconfined")
    assert bool(found.profiles) is (value == "p.json")


@pytest.mark.parametrize("option", ["--name 'a # b'", '--label "x # y"', "--env COLOUR=#fff"])
def test_a_sign_within_a_word_begins_no_comment(option: str) -> None:
    found = find_profiles(f"docker run {option} --security-opt seccomp=p.json lab\n")
    assert [held.file for held in found.profiles] == ["p.json"]


def test_only_containerds_words_have_a_prefix_before_a_file() -> None:
    option = find_profiles("docker run --security-opt seccomp=localhost/p.json lab\n")
    assert [held.file for held in option.profiles] == ["localhost/p.json"]
    containerd = find_profiles('unset_seccomp_profile = "localhost/p.json"\n')
    assert [held.file for held in containerd.profiles] == ["p.json"]


@pytest.mark.parametrize("word", ["runtime/default", "docker/default"])
@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("docker run --security-opt seccomp={} lab\n", False),
        ("services: {{web: {{image: x, security_opt: [seccomp={}]}}}}\n", False),
        ('[crio.runtime]\nseccomp_profile = "{}"\n', False),
        ('unset_seccomp_profile = "{}"\n', True),
        ('{{"seccompProfilePath": "{}"}}', True),
    ],
)
def test_the_words_of_kubernetes_are_files_to_docker(text: str, understood: bool, word: str) -> None:
    found = find_profiles(text.format(word))
    assert [held.file for held in found.profiles] == ([] if understood else [word])
    assert bool(found.default) is understood


def test_a_setting_is_told_with_its_place_among_others_of_its_line_and_of_others() -> None:
    lines = [
        "a --security-opt seccomp=1 --security-opt seccomp=2",
        "",
        "# seccomp=x",
        "b --security-opt seccomp=3",
    ]
    found = [(each.value, each.line, each.column) for each in settings("\n".join(lines))]
    assert found == [("1", 1, 26), ("2", 1, 51), ("3", 4, 26)]


def test_many_settings_of_one_line_are_found_in_linear_time() -> None:
    def seconds(number: int) -> float:
        begin = process_time()
        assert sum(1 for _ in settings("--security-opt seccomp=a " * number)) == number
        return process_time() - begin

    few = max(seconds(10_000) for _ in range(2))
    assert min(seconds(40_000) for _ in range(2)) < 9 * few


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


def test_apptainer_has_another_name_for_the_option() -> None:
    found = find_profiles("apptainer exec --security seccomp:/x/a.json c.sif sh\n").profiles
    assert [held.file for held in found] == ["/x/a.json"]
