"""`runner.cli.profile.source`, `within` and `inputs`: what a word of the command line may mean."""

import json
from pathlib import Path

import pytest

from runner.errors import ExitCode

PROFILE = '{"defaultAction": "SCMP_ACT_ALLOW",\n "syscalls": [{"name": "chmod", "action": "SCMP_ACT_ERRNO"}]}'
CHMOD = ("chmod", "--arch", "amd64")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prof.json").write_text(PROFILE)
    (tmp_path / "compose.yml").write_text(
        "services:\n  app:\n    security_opt:\n      - seccomp:./prof.json\n"
    )
    inspect = [{"Name": "/web", "HostConfig": {"SecurityOpt": [f"seccomp={PROFILE}"]}}]
    (tmp_path / "inspect.json").write_text(json.dumps(inspect))
    (tmp_path / "two.yaml").write_text(
        "kind: SeccompProfile\nmetadata: {name: open}\nspec: {defaultAction: SCMP_ACT_ALLOW}\n---\n"
        "kind: SeccompProfile\nmetadata: {name: shut}\nspec:\n  defaultAction: SCMP_ACT_ALLOW\n"
        "  syscalls:\n    - names: [chmod]\n      action: SCMP_ACT_ERRNO\n"
    )
    return tmp_path


@pytest.mark.parametrize("option", ["seccomp={}", "seccomp:{}", "{}"])
def test_a_file_as_docker_takes_it(profile, folder: Path, option: str) -> None:
    code, out, _ = profile("explain", option.format(folder / "prof.json"), *CHMOD)
    assert code == ExitCode.OK
    assert f"Decided by: {folder / 'prof.json'}:2, syscalls[0]" in out


@pytest.mark.parametrize("option", ["seccomp={}", "{}"])
def test_json_as_docker_takes_it(profile, option: str) -> None:
    code, out, _ = profile("explain", option.format(PROFILE), *CHMOD)
    assert code == ExitCode.OK
    assert "Decided by: the JSON given:2, syscalls[0]" in out


def test_a_compose_file_leads_to_the_file_beside_it(profile, folder: Path) -> None:
    out = profile("explain", folder / "compose.yml", *CHMOD)[1]
    assert f"{folder}/prof.json:2, syscalls[0]" in out


def test_a_manifest_is_picked_by_name_and_keeps_its_lines(profile, folder: Path) -> None:
    code, _, err = profile("explain", folder / "two.yaml", *CHMOD)
    assert code == ExitCode.USAGE
    assert f"pick one, as {folder / 'two.yaml'}#open" in err
    out = profile("explain", f"{folder / 'two.yaml'}#shut", *CHMOD)[1]
    assert f"{folder / 'two.yaml'}:10, syscalls[0]" in out
    assert profile("explain", f"{folder / 'two.yaml'}#none", *CHMOD)[0] == ExitCode.USAGE


def test_a_file_with_a_hash_in_its_name_is_that_file(profile, folder: Path) -> None:
    (folder / "a#b.json").write_text(PROFILE)
    assert profile("explain", folder / "a#b.json", *CHMOD)[0] == ExitCode.OK


def test_docker_inspect_is_read_from_standard_input(profile, folder: Path) -> None:
    text = (folder / "inspect.json").read_text()
    assert "EPERM" in profile("explain", "-", *CHMOD, stdin=text)[1]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("c.yml", "services:\n  a:\n    security_opt: [seccomp=unconfined]\n", "seccomp=unconfined"),
        ("c.yml", "services:\n  a:\n    security_opt: [seccomp=gone.json]\n", "no such file"),
        ("c.yml", "services:\n  a:\n    security_opt: ['seccomp=${HOME}/p.json']\n", "with a variable in it"),
        ("pod.json", '{"spec": {"seccompProfile": {"localhostProfile": "p.json"}}}', "on the node"),
    ],
)
def test_a_holder_without_a_profile_at_hand_says_why(
    profile, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    code, _, err = profile("explain", tmp_path / name, "chmod")
    assert code == ExitCode.USAGE
    assert said in err


@pytest.mark.parametrize("option", ["seccomp=unconfined", "seccomp:unconfined", "seccomp="])
def test_no_seccomp_is_no_profile(profile, option: str) -> None:
    code, _, err = profile("explain", option, "chmod")
    assert code == ExitCode.USAGE
    assert "turns seccomp off" in err


def test_an_invalid_profile_is_reported_as_json(profile, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('{"defaultAction": SCMP_ACT_ALLOW}')
    assert "p.json:1:19" in profile("explain", tmp_path / "p.json", "chmod")[2]


def test_builtin_is_the_engines_default(profile) -> None:
    simulated = profile("simulate", "seccomp=builtin", "clone3", "--engine-version", "20.10.9")
    assert "'default@20.10.9' decides" in simulated[1]
    assert profile("lint", "seccomp=builtin")[0] == ExitCode.OK


def test_two_profiles_of_one_name_have_names_that_tell_them_apart(profile, tmp_path: Path) -> None:
    for name, action in (("p", "LOG"), ("q", "ALLOW")):
        (tmp_path / f"{name}.json").write_text(f'{{"defaultAction": "SCMP_ACT_{action}"}}')
    of_p, of_q = (f"{{security_opt: [seccomp={name}.json]}}" for name in "pq")
    documents = f"services: {{a: {of_p}, b: {of_p}}}\n---\nservices: {{b: {of_q}}}\n"
    (tmp_path / "c.yml").write_text(documents)
    _, _, err = profile("explain", tmp_path / "c.yml", "chmod")
    first, second = (
        f"(document {number}.services.{name}.security_opt[0])" for number, name in ((1, "a"), (2, "b"))
    )
    assert f"holds 2 profiles: a, b {first}; b {second}" in err
    picked = f"{tmp_path}/c.yml#b {second}"
    assert profile("simulate", picked, "chmod")[1].startswith("chmod() on amd64, number 90: allow")


def test_a_yaml_template_is_reported_as_one(profile, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        "# a chart\n{{- if .Values.seccomp }}\nkind: SeccompProfile\n{{- end }}\n"
    )
    assert "t.yaml:2:1: is a template" in profile("explain", tmp_path / "t.yaml", "chmod")[2]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_files_written_by_powershell_are_read(profile, tmp_path, encoding) -> None:
    """Its `>` writes UTF-16, and other programs of Windows a mark before UTF-8."""
    log, names, holder = tmp_path / "trace.log", tmp_path / "names.txt", tmp_path / "inspect.json"
    log.write_text("7 socket(AF_VSOCK, SOCK_STREAM, 0) = -1 EPERM (Operation not permitted)\r\n", encoding)
    names.write_text("read\r\nopenat\r\n", encoding)
    option = json.dumps('seccomp={"defaultAction":"SCMP_ACT_ALLOW"}')
    holder.write_text(f'[{{"Name": "/web", "HostConfig": {{"SecurityOpt": [{option}]}}}}]', encoding)
    for command in (("why", log), ("simulate", "default", "--calls", log)):
        code, out, _ = profile(*command)
        assert (code, "socket(AF_VSOCK, SOCK_STREAM, 0) on amd64, number 41: errno EPERM" in out) == (0, True)
    for command, name in (
        (("import", log), "socket"),
        (("import", names), "openat"),
        (("generate", "--from", log), "socket"),
    ):
        code, out, _ = profile(*command)
        assert (code, f'"{name}"' in out) == (0, True)
    assert profile("show", holder)[0] == 0
    assert profile("import", holder)[0] == 0


@pytest.mark.parametrize(
    "command", [("why",), ("import",), ("simulate", "default", "--calls"), ("generate", "--from")]
)
def test_another_tools_output_is_named_wherever_evidence_is_read(profile, tmp_path, command) -> None:
    file = tmp_path / "events.json"
    file.write_text('{"k8s": {"node": "n"}, "pid": 7, "comm": "ls", "syscall": "openat"}\n')
    code, _, err = profile(*command, file)
    assert code == ExitCode.USAGE
    assert f"{file}: this is JSON lines of Inspektor Gadget, which is not read" in err
    assert "jq -r '.syscall // empty' FILE" in err


@pytest.mark.parametrize("command", ["explain", "import"])
def test_a_configuration_without_a_profile_is_told_with_a_next_step(profile, tmp_path: Path, command) -> None:
    (tmp_path / "config.json").write_text('{"ociVersion": "1.0.2", "linux": {}}')
    words = ["chmod"] if command == "explain" else []
    err = profile(command, tmp_path / "config.json", *words)[2]
    assert "it confines nothing" in err
    assert "name a configuration of a container with a profile" in err


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("q.container", "[Container]\nImage=x\n", "names no profile: the engine's own default is in force"),
        (
            "config.toml",
            'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nsandbox_image = "x"\n',
            "names no profile: Kubernetes confines nothing, unless its kubelet has SeccompDefault",
        ),
        ("containers.conf", '[containers]\n#seccomp_profile = "x"\n', "names no profile"),
        (
            "u.service",
            "[Service]\nSystemCallFilter=read\n",
            "this is systemd's settings, and no profile of Docker's",
        ),
        ("x.ini", "[main]\na = b\n", "this is a file of settings, and no line names a profile"),
    ],
)
def test_a_file_of_sections_without_a_profile_is_told_from_broken_json(
    profile, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    code, _, err = profile("explain", tmp_path / name, *CHMOD)
    assert code == ExitCode.USAGE
    assert said in err
    assert "next: " in err


def test_a_specifier_of_a_unit_is_no_folder(profile, tmp_path: Path) -> None:
    (tmp_path / "q.container").write_text("[Container]\nSeccompProfile=%h/p.json\n")
    assert "names %h/p.json, with a variable in it" in profile("explain", tmp_path / "q.container", *CHMOD)[2]


def test_settings_in_other_files_are_noted_beside_a_profile(profile, folder: Path) -> None:
    compose = folder / "compose.yml"
    compose.write_text(f"include: [other.yml]\n{compose.read_text()}")
    code, _, err = profile("explain", compose, *CHMOD)
    assert code == ExitCode.OK
    assert "it includes other.yml: other files are not looked into" in err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("caps.drop all\nseccomp !chroot\n", "this is a profile of firejail"),
        ("2\ndenylist\nmount errno 1\n", "this is an LXC policy"),
        ("openat(3) = 3\n", "this is evidence of calls"),
    ],
)
def test_what_another_tool_wrote_is_not_called_broken_json(profile, said: str, text: str) -> None:
    code, _, err = profile("explain", "-", *CHMOD, stdin=text)
    assert code == ExitCode.USAGE
    assert f"{said}, and no profile of Docker's" in err
    assert "next: " in err


@pytest.mark.parametrize(
    "text",
    [
        '{"defaultAction": "SCMP_ACT_ERNO"}',
        '{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["x86_64"]}',
    ],
)
def test_what_is_wrong_with_a_profile_has_a_next_step(profile, tmp_path: Path, text: str) -> None:
    path = tmp_path / "a profile.json"
    path.write_text(text)
    code, _, err = profile("simulate", path, *CHMOD)
    assert code == ExitCode.USAGE
    assert f"next: correct it; `workshop profile lint '{path}'` lists all that is wrong with it" in err
    assert "next: correct it there\n" in profile("simulate", "-", *CHMOD, stdin=text)[2]


def test_broken_json_has_a_next_step(profile, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text('{"defaultAction": "SCMP_ACT_ERRNO",}')
    err = profile("simulate", path, *CHMOD)[2]
    assert "a comma before '}'" in err
    assert err.endswith("\n  next: correct it there\n")


def test_a_list_of_objects_is_no_evidence(profile) -> None:
    err = profile("explain", "-", *CHMOD, stdin='[{"ID": "a", "Spec": {"Name": "x"}}]')[2]
    assert "expected a profile, which is a JSON object, found an array" in err


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


def test_a_container_that_nothing_confines_is_noted_beside_a_profile(profile, tmp_path: Path) -> None:
    config = {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"p.json": PROFILE}}
    local = {"seccompProfile": {"type": "Localhost", "localhostProfile": "p.json"}}
    containers = [{"name": "a", "image": "x", "securityContext": local}, {"name": "b", "image": "x"}]
    pod = {"kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": containers}}
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"kind": "List", "items": [config, pod]}))
    code, _, err = profile("explain", path, *CHMOD)
    assert code == ExitCode.OK
    assert f"note: {path}: names no profile for web/b: Kubernetes confines nothing" in err


@pytest.mark.parametrize("name", ["web-1", "my_web"])
def test_a_service_is_picked_by_its_name_and_by_its_containers(profile, folder: Path, name: str) -> None:
    compose = folder / "named.yml"
    compose.write_text(
        "services:\n"
        "  web-1: {image: x, container_name: my_web, security_opt: [seccomp=prof.json]}\n"
        "  db: {image: x, security_opt: [seccomp=other.json]}\n"
    )
    assert f"{folder}/prof.json:2" in profile("explain", f"{compose}#{name}", *CHMOD)[1]
    assert profile("import", compose, "--name", name)[0] == ExitCode.OK
    assert "pick one, as" in (err := profile("explain", compose, *CHMOD)[2])
    assert "web-1; db" in err


@pytest.mark.parametrize(
    "definition", ["{image: x, security_opt: [seccomp=unconfined]}", "{privileged: true}"]
)
def test_a_service_goes_before_a_container_of_its_name(profile, folder: Path, definition: str) -> None:
    compose = folder / "shadowed.yml"
    compose.write_text(
        "services:\n"
        "  app: {image: x, container_name: web, security_opt: [seccomp=prof.json]}\n"
        f"  web: {definition}\n"
    )
    code, out, _ = profile("explain", f"{compose}#web", *CHMOD)
    assert (code, out) == (ExitCode.USAGE, "")
    assert profile("import", compose, "--name", "web")[0] == ExitCode.USAGE
    assert profile("explain", f"{compose}#app", *CHMOD)[0] == ExitCode.OK


def test_a_profile_goes_before_a_container_of_its_name(profile, folder: Path) -> None:
    compose = folder / "documents.yml"
    compose.write_text(
        "services:\n  app: {image: x, container_name: shut, security_opt: [seccomp=other.json]}\n---\n"
        + (folder / "two.yaml").read_text()
    )
    assert "syscalls[0]" in profile("explain", f"{compose}#shut", *CHMOD)[1]


def test_a_container_is_picked_without_its_pod_where_one_pod_has_it(profile, tmp_path: Path) -> None:
    embedded = {"annotations": {"note": PROFILE}}
    pods = [
        {
            "kind": "Pod",
            "metadata": {"name": pod},
            "spec": {"containers": [{"name": name, "image": "x", **embedded} for name in names]},
        }
        for pod, names in (("web", ("a", "both")), ("db", ("b", "both")))
    ]
    path = tmp_path / "list.json"
    config = {"kind": "ConfigMap", "metadata": {"name": "c"}}
    path.write_text(json.dumps({"kind": "List", "items": [config, *pods]}))
    for name, code in (("a", ExitCode.OK), ("web/a", ExitCode.OK), ("both", ExitCode.USAGE)):
        assert profile("explain", f"{path}#{name}", *CHMOD)[0] == code
    assert "db/both" in profile("explain", f"{path}#both", *CHMOD)[2]


@pytest.mark.parametrize("form", ["operator", "systemd"])
def test_a_format_that_a_file_has_not_leads_to_detecting_it(profile, folder: Path, form: str) -> None:
    err = profile("import", "--from", form, folder / "prof.json")[2]
    assert "next: leave --from out, and the format is detected" in err
