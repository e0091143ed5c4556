"""`workshop profile lint`: files that hold a profile where the program that takes them does not look."""

import base64
import json
from pathlib import Path

import pytest

from runner.errors import ExitCode

PROFILE = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["chmod"], "action": "SCMP_ACT_ERRNO"}]}
CONFIGURATION = {"ociVersion": "1.0.2", "process": {}, "linux": {"seccomp": PROFILE}}
WRAPPERS = {
    "seccomp": {"seccomp": PROFILE},
    "linux.seccomp": {"linux": {"seccomp": PROFILE}},
    "profiles.a": {"profiles": {"a": PROFILE}},
}
FORGES_ANSWER = {
    "name": "p.json",
    "encoding": "base64",
    "content": base64.b64encode(json.dumps(PROFILE).encode()).decode(),
}
OPERATOR = {"kind": "SeccompProfile", "metadata": {"name": "x"}, "spec": PROFILE}
RIGHTLY = {
    "compose": {"services": {"a": {"image": "x", "security_opt": [f"seccomp={json.dumps(PROFILE)}"]}}},
    "compose's own files": {"services": {"a": {"image": "x"}}, "configs": {"p": {"content": PROFILE}}},
    "docker inspect": {"Id": "1", "HostConfig": {"SecurityOpt": [f"seccomp={json.dumps(PROFILE)}"]}},
    "crictl inspect": {"info": {"runtimeSpec": {"ociVersion": "1.0.2", **CONFIGURATION}}, "status": {}},
    "a ConfigMap": {"kind": "ConfigMap", "data": {"p.json": json.dumps(PROFILE)}},
}


@pytest.fixture
def said(profile, tmp_path: Path):
    """What lint says of seccomp being off, for a value that a file holds."""

    def lint(value: object, *options: str, name: str = "{}") -> tuple[ExitCode, str]:
        path = tmp_path / "p.json"
        path.write_text(json.dumps(value))
        code, out, _ = profile("lint", name.format(path), "--select", "seccomp-off", *options)
        return code, out.replace(str(path), "FILE")

    return lint


@pytest.mark.parametrize("where", WRAPPERS)
@pytest.mark.parametrize("options", [(), ("--for", "docker")])
def test_docker_runs_a_container_unconfined_whose_profile_stands_deeper_in_the_file(
    said, where: str, options: tuple[str, ...]
) -> None:
    code, out = said(WRAPPERS[where], *options)
    assert code == ExitCode.FAILED
    assert (
        f"error: the profile stands deeper, at {where}, where Docker does not look: the container runs" in out
    )
    assert "`workshop profile import FILE -o profile.json`" in out


def test_a_file_of_several_documents_is_not_one_that_docker_takes(profile, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(2 * (json.dumps({"seccomp": PROFILE}) + "\n"))
    _, out, _ = profile("lint", str(path), "--select", "seccomp-off")
    assert "runs unconfined" not in out


def test_a_configuration_is_right_for_runc_alone(said) -> None:
    code, out = said(CONFIGURATION)
    assert (code, "medium: the profile stands at linux.seccomp, where runc looks" in out) == (
        ExitCode.OK,
        True,
    )
    assert said(CONFIGURATION, "--for", "runc") == (ExitCode.OK, "")
    assert "error: the profile stands deeper" in said(CONFIGURATION, "--for", "docker")[1]
    assert "where containerd does not look" in said(CONFIGURATION, "--for", "kubernetes")[1]
    # An option's value goes to an engine.
    assert "where Docker does not look" in said(CONFIGURATION, name="seccomp={}")[1]


def test_the_option_of_an_engine_is_noted_wherever_its_profile_is_read(profile, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(CONFIGURATION))
    assert "confines nothing: the profile stands at linux.seccomp" in profile("show", f"seccomp={path}")[2]
    assert "confines nothing" not in profile("show", path)[2]


def test_the_answer_of_a_forge_about_a_file_is_not_the_file(said) -> None:
    code, out = said(FORGES_ANSWER)
    assert (code, "the profile stands deeper, at content" in out) == (ExitCode.FAILED, True)
    listed = {"write_files": [FORGES_ANSWER]}
    assert said(listed) == (ExitCode.OK, "")


def test_the_operators_profile_is_none_for_docker(said) -> None:
    assert said(OPERATOR) == said(OPERATOR, "--for", "kubernetes") == (ExitCode.OK, "")
    assert "at spec, where Docker does not look" in said(OPERATOR, "--for", "docker")[1]


@pytest.mark.parametrize("holder", RIGHTLY.values(), ids=RIGHTLY)
@pytest.mark.parametrize("options", [(), ("--for", "docker")])
def test_what_describes_a_container_holds_its_profile_rightly(
    said, holder: object, options: tuple[str, ...]
) -> None:
    assert said(holder, *options) == (ExitCode.OK, "")


def test_each_of_several_profiles_is_written_out_by_its_name(said) -> None:
    out = said({"web": PROFILE, "db": {**PROFILE, "defaultAction": "SCMP_ACT_LOG"}})[1]
    assert "`workshop profile import 'FILE#web' -o" in out
    assert "`workshop profile import 'FILE#db' -o" in out


@pytest.mark.parametrize(
    ("name", "before"),
    [("p.json", "// mine\n"), ("p.json", "/* mine */ "), ("p.txt", "/* mine */\n"), ("p.json", "```\n")],
)
def test_text_before_a_profile_is_a_fault_of_the_file_and_no_page_around_it(
    profile, tmp_path: Path, name: str, before: str
) -> None:
    path = tmp_path / name
    path.write_text(before + json.dumps(PROFILE))
    code, out, _ = profile("lint", path)
    assert (code, "[not-json]" in out) == (ExitCode.USAGE, True)
    page = tmp_path / "README.md"
    page.write_text(f"Mine:\n\n```\n{json.dumps(PROFILE)}\n```\n")
    assert "not-json" not in profile("lint", page)[1]


def test_a_default_action_among_the_rules_is_no_profile_in_a_file(profile, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"syscalls": [{"defaultAction": "SCMP_ACT_ERRNO"}, *PROFILE["syscalls"]]}))
    code, out, _ = profile("lint", path)
    assert code == ExitCode.USAGE
    assert "the profile has rules but no defaultAction" in out
    assert "unconfined" not in out


def test_a_file_that_another_names_is_searched_too(profile, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIGURATION))
    compose = tmp_path / "compose.yml"
    compose.write_text("services:\n  a:\n    image: x\n    security_opt: ['seccomp=config.json']\n")
    out = profile("lint", compose)[1]
    assert f"workshop profile import {tmp_path / 'config.json'} -o" in out
    given = profile("lint", json.dumps(WRAPPERS["seccomp"]))[1]
    assert "at seccomp, where Docker does not look" in given
    assert "write it alone to a file, and give that" in given
    assert "profile import" not in given
