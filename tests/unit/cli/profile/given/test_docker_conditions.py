"""Profiles that no Docker reads: what only Docker understands does not count."""

import json
from pathlib import Path

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.conftest import CHMOD

CONDITIONAL = {
    "defaultAction": "SCMP_ACT_ERRNO",
    "syscalls": [
        {"names": ["mount"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_ADMIN"]}},
        {"name": "chmod", "action": "SCMP_ACT_ALLOW"},
    ],
}
TAKEN_AS_IS = {
    "a ConfigMap": {
        "kind": "ConfigMap",
        "metadata": {"name": "c"},
        "data": {"p.json": json.dumps(CONDITIONAL)},
    },
    "an OCI configuration": {"ociVersion": "1.0.2", "process": {}, "linux": {"seccomp": CONDITIONAL}},
    "crictl inspect": {"info": {"runtimeSpec": {"linux": {"seccomp": CONDITIONAL}}}, "status": {}},
}


@pytest.mark.parametrize("holder", TAKEN_AS_IS.values(), ids=TAKEN_AS_IS)
def test_what_only_docker_understands_does_not_count_where_the_runtime_gets_a_profile_as_it_is(
    profile, tmp_path: Path, holder: object
) -> None:
    path = tmp_path / "holder.json"
    path.write_text(json.dumps(holder))
    code, out, err = profile("simulate", path, "mount", "--arch", "amd64", "--caps", "none")
    assert (code, "allow" in out) == (ExitCode.OK, True)
    assert "knows no includes, excludes, archMap and 'name'" in err
    kubernetes = "ConfigMap" in path.read_text()
    assert ("containerd" in err, "CRI-O" in err, "runc" in err) == (kubernetes, kubernetes, not kubernetes)
    assert "errno E" in profile("simulate", path, *CHMOD)[1]
    assert "mount" in profile("resolve", path, "--arch", "amd64", "--caps", "none")[1]
    (tmp_path / "p.json").write_text(json.dumps(CONDITIONAL))
    out = profile("simulate", tmp_path / "p.json", "mount", "--arch", "amd64", "--caps", "none")[1]
    assert "allow" not in out
    assert (
        profile("diff", path, tmp_path / "p.json", "--arch", "amd64", "--caps", "none")[0] == ExitCode.FAILED
    )


@pytest.mark.parametrize(
    ("holder", "reader"),
    [("a ConfigMap", "containerd"), ("an OCI configuration", "runc"), ("crictl inspect", "runc")],
)
def test_lint_names_the_program_that_ignores_docker_conditions(
    profile, tmp_path: Path, holder: str, reader: str
) -> None:
    path = tmp_path / "holder.json"
    path.write_text(json.dumps(TAKEN_AS_IS[holder]))
    out = profile("lint", path)[1]
    assert f"{reader} ignores includes" in out
    assert f"{reader} ignores 'name'" in out
    other = "runc" if reader == "containerd" else "containerd"
    assert f"{other} ignores" not in out
    assert "ignores" not in profile("lint", path, "--for", "docker")[1]
    assert "containerd ignores" in profile("lint", path, "--for", "kubernetes")[1]


def test_a_profile_that_is_exported_keeps_its_conditions(profile, tmp_path: Path) -> None:
    path = tmp_path / "holder.json"
    path.write_text(json.dumps(TAKEN_AS_IS["a ConfigMap"]))
    assert "CAP_SYS_ADMIN" in profile("export", path, "--to", "docker")[1]
