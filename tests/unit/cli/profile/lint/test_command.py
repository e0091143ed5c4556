"""`workshop profile lint`: what it reports of each file, and its exit code."""

import json
from pathlib import Path

import pytest

from runner.errors import ExitCode

GOOD = '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"name": "chmod", "action": "SCMP_ACT_ERRNO"}]}'


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    texts = {
        "good.json": GOOD,
        "bom.json": "\ufeff" + GOOD,
        "word.json": '{"defaultAction": "SCMP_ACT_DENY"}',
        "yaml.json": "defaultAction: SCMP_ACT_ALLOW\n",
        "manifest.yaml": "kind: SeccompProfile\nmetadata: {name: p}\nspec:\n  defaultAction: SCMP_ACT_ALLOW\n"
        "  syscalls:\n    - names: [chmodd]\n      action: SCMP_ACT_ERRNO\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    return {name: tmp_path / name for name in (*texts, "none.json")}


def test_each_file_is_reported_whatever_the_others_are(profile, files: dict[str, Path]) -> None:
    names = ("good.json", "bom.json", "word.json", "none.json", "yaml.json")
    code, out, err = profile("lint", *(files[name] for name in names))
    assert code == ExitCode.USAGE
    assert err.startswith("found: 4 errors, ")
    assert "[legacy-name]" in out
    rules = {
        line.split(":")[0].rpartition("/")[2]: line.rpartition("[")[2]
        for line in out.splitlines()
        if ": error: " in line
    }
    assert rules == {
        "bom.json": "not-json]",
        "word.json": "not-a-profile]",
        "none.json": "unreadable]",
        "yaml.json": "not-json]",
    }


def test_json_and_sarif_have_them_too(profile, files: dict[str, Path]) -> None:
    names = (files["good.json"], files["bom.json"])
    code, out, _ = profile("lint", *names, "--json")
    assert code == ExitCode.USAGE
    told = {
        entry["profile"]: [finding["rule"] for finding in entry["findings"]]
        for entry in json.loads(out)["profiles"]
    }
    assert told[str(files["bom.json"])] == ["not-json"]
    assert "legacy-name" in told[str(files["good.json"])]
    code, out, _ = profile("lint", *names, "--format", "sarif")
    (run,) = json.loads(out)["runs"]
    result = next(result for result in run["results"] if result["ruleId"] == "not-json")
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("/bom.json")
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "not-json"


def test_a_manifest_is_linted_where_it_stands_and_as_kubernetes_reads_it(
    profile, files: dict[str, Path]
) -> None:
    manifest = files["manifest.yaml"]
    out = profile("lint", manifest, "--select", "unknown-name")[1]
    assert out.startswith(f"{manifest}#p:6:15: ")
    (run,) = json.loads(profile("lint", manifest, "--format", "sarif")[1])["runs"]
    location = run["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == str(manifest)
    assert profile("lint", manifest, "--fix")[0] == ExitCode.USAGE


def test_the_reader_of_the_profile_can_be_given(profile) -> None:
    assert "kubernetes-conditions" in profile("lint", "default", "--for", "kubernetes")[1]
    assert "kubernetes-conditions" not in profile("lint", "default")[1]


def test_the_profile_that_a_compose_file_names_is_fixed_itself(profile, files: dict[str, Path]) -> None:
    compose = files["good.json"].with_name("compose.yml")
    compose.write_text("services:\n  app:\n    security_opt: [seccomp=good.json]\n")
    profile("lint", compose, "--fix")
    assert '"names"' in files["good.json"].read_text()
    assert "good.json" in compose.read_text()


def test_a_misspelt_word_hides_nothing_else(profile, tmp_path: Path) -> None:
    """All faults are reported, also those of the profile that was meant."""
    faulty = tmp_path / "faulty.json"
    faulty.write_text(
        """{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
{"names": ["read", "chmodd"], "action": "SCMP_ACT_ALOW"},
{"names": ["write"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 7, "value": 1, "op": "SCMP_CMP_EQQ"}]}]}"""
    )
    code, out, err = profile("lint", faulty)
    assert code == ExitCode.USAGE
    for line, rule in (
        (2, "not-a-profile"),
        (2, "unknown-name"),
        (3, "not-a-profile"),
        (3, "argument-index"),
    ):
        assert any(f":{line}:" in each and f"[{rule}]" in each for each in out.splitlines()), rule
    assert "did you mean SCMP_ACT_ALLOW?" in out
    assert "found: " in err


def test_all_invalid_values_are_reported_at_once(profile, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.json"
    faulty.write_text(
        """{"defaultAction": "nothing", "typo": 1, "syscalls": [
{"names": "read", "action": "SCMP_ACT_ALLOW"},
{"names": ["write"], "action": 3, "errnoRet": -1, "includes": {"minKernel": "new"}}]}"""
    )
    _, out, _ = profile("lint", "--json", faulty)
    (file,) = json.loads(out)["profiles"]
    assert sorted((found["line"], found["rule"]) for found in file["findings"]) == [
        *[(1, "not-a-profile"), (1, "unknown-key"), (2, "not-a-profile")],
        *[(3, "not-a-profile")] * 3,
    ]


KUBERNETES = """kind: Pod
spec:
  containers:
  - {name: a, securityContext: {seccompProfile: {type: Localhost, localhostProfile: p.json}}}
  - {name: b, securityContext: {seccompProfile: {type: Unconfined}}}
"""
COMPOSE = """services:
  a: {security_opt: ["seccomp:good.json"]}
  b:
    security_opt:
      - "seccomp:unconfined"
"""


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        (COMPOSE, "5:9", "b has seccomp=unconfined"),
        (COMPOSE.replace("seccomp:unconfined", "seccomp=unconfined"), "5:9", "b has seccomp=unconfined"),
        (KUBERNETES, "5:49", "b has type: Unconfined"),
    ],
)
def test_an_unconfined_service_beside_a_profile_is_reported(profile, files, text, place, said) -> None:
    holder = files["good.json"].with_name("holder.yml")
    holder.write_text(text)
    out = profile("lint", holder)[1]
    assert f"{holder}:{place}: medium: {said}" in out
    assert "[unconfined]" in out
    assert "[unconfined]" not in profile("lint", holder, "--ignore", "unconfined")[1]
    holder.write_text(text.replace("unconfined", "good.json").replace("Unconfined", "RuntimeDefault"))
    assert "[unconfined]" not in profile("lint", holder)[1]


@pytest.mark.parametrize("rule", ["not-json", "not-a-profile", "unreadable"])
def test_a_file_that_is_no_profile_cannot_be_ignored(profile, files, rule) -> None:
    code, out, err = profile("lint", files["good.json"], "--ignore", rule)
    assert (code, out) == (2, "")
    assert f"{rule} cannot be ignored" in err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("compose.yaml", "services:\n  web:\n    image: nginx\n"),
        ("inspect.json", '[{"Id": "ab", "Name": "/web", "HostConfig": {"SecurityOpt": null}}]'),
    ],
)
def test_a_good_file_that_names_no_profile_passes_with_a_note(
    profile, tmp_path, name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    note = f"note: {path}: names no profile: the engine's own default is in force\nnothing found\n"
    assert profile("lint", path, "--strict") == (ExitCode.OK, "", note)
    assert json.loads(profile("lint", path, "--json")[1])["profiles"] == [
        {"profile": str(path), "findings": []}
    ]
    code, _, err = profile("show", path)
    assert code == ExitCode.USAGE
    assert "names no profile" in err


def test_a_container_is_answered_by_its_name(profile, tmp_path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text("services:\n  a:\n    image: x\n  b:\n    image: x\n    privileged: true\n")
    code, out, _ = profile("lint", f"{path}#b")
    assert code == ExitCode.USAGE
    assert "b runs without a filter: privileged: true (line 6)" in out
    assert profile("lint", f"{path}#a")[0] == ExitCode.OK
    assert "holds no profile named 'c'; name one of a; b" in profile("lint", f"{path}#c")[1]


def test_what_cannot_make_a_namespace_is_no_way_around_a_denied_one(profile, tmp_path: Path) -> None:
    path = tmp_path / "d.json"
    for call, others in (("clone CLONE_NEWUSER", "clone3 unshare"), ("clone", "clone3 fork vfork")):
        assert profile("edit", "allow", "--deny", call, "-o", path)[0] == 0
        out = profile("lint", path, "--arch", "amd64", "--select", "ways-around")[1]
        assert f"clone is denied, but {others} can do the same" in out


def test_a_file_that_turns_seccomp_off_and_gives_no_profile_is_reported_as_such(profile, tmp_path) -> None:
    path = tmp_path / "compose.yaml"
    path.write_text("services:\n  a:\n    image: x\n    security_opt: [seccomp:unconfined]\n")
    for given in (path, "seccomp=unconfined"):
        code, out, _ = profile("lint", given)
        assert code == ExitCode.USAGE
        assert "[unconfined]" in out
        assert "[unreadable]" not in out


@pytest.mark.parametrize(
    ("text", "others"),
    [
        (GOOD.replace("ERRNO", "ALOW"), []),
        ('{"defaultAction": "SCMP_ACT_ALOW", "syscalls": []}', []),
        (GOOD.replace("ERRNO", "ERNO"), ["ways-around", "legacy-name"]),
    ],
)
def test_what_follows_from_a_misspelt_word_alone_is_not_reported(profile, tmp_path, text, others) -> None:
    path = tmp_path / "p.json"
    path.write_text(text)
    _, out, _ = profile("lint", path, "--arch", "amd64", "--ignore", "incomplete-architectures")
    found = [line.rpartition("[")[2].rstrip("]") for line in out.splitlines()]
    assert found.count("not-a-profile") == 1
    assert not {"denies-nothing", "same-as-default"} & set(found)
    assert set(others) <= set(found)


def test_a_rule_is_explained_in_the_form_that_is_asked_for(profile) -> None:
    for words in (("--json",), ("--format", "json")):
        (rule,) = json.loads(profile("lint", "--explain", "unknown-name", *words)[1])
        assert rule["rule"] == "unknown-name"
    code, out, err = profile("lint", "--explain", "unknown-name", "--format", "sarif")
    assert (code, out) == (ExitCode.USAGE, "")
    assert "next: write --format text or json" in err


def test_an_empty_name_is_no_rule_to_explain(profile) -> None:
    code, _, err = profile("lint", "--explain", "")
    assert code == ExitCode.USAGE
    assert "no lint rule is called ''" in err
