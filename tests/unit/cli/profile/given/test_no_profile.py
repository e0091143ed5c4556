"""Files that give no profile: what they are, and the next step."""

from pathlib import Path

import pytest

from runner.errors import ExitCode
from tests.unit.cli.profile.conftest import CHMOD


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


def test_a_yaml_template_is_reported_as_one(profile, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(
        "# a chart\n{{- if .Values.seccomp }}\nkind: SeccompProfile\n{{- end }}\n"
    )
    assert "t.yaml:2:1: is a template" in profile("explain", tmp_path / "t.yaml", "chmod")[2]


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


@pytest.mark.parametrize("form", ["operator", "systemd"])
def test_a_format_that_a_file_has_not_leads_to_detecting_it(profile, folder: Path, form: str) -> None:
    err = profile("import", "--from", form, folder / "prof.json")[2]
    assert "next: leave --from out, and the format is detected" in err


def test_a_profile_in_an_array_is_refused_as_docker_does(profile, tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text('[{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": []}]')
    code, out, _ = profile("lint", tmp_path / "p.json")
    assert code == ExitCode.USAGE
    assert "take the brackets" in out


@pytest.mark.parametrize(
    ("option", "step"),
    [("file:///etc/p.json", "write /etc/p.json"), ("https://example.org/p.json", "fetch it")],
)
def test_an_address_is_no_file(profile, tmp_path: Path, option: str, step: str) -> None:
    (tmp_path / "c.yml").write_text(f"services:\n  a:\n    security_opt: ['seccomp={option}']\n")
    err = profile("show", tmp_path / "c.yml")[2]
    assert f"names {option}, an address" in err
    assert step in err


@pytest.mark.parametrize(
    "text",
    [
        '{"log-driver": "json-file"}',
        '{"runtimes": {"runsc": {"path": "/usr/bin/runsc"}}}',
        '{"seccomp-profile": "builtin"}',
        '{"containerDefinitions": [{"name": "a", "image": "x"}]}',
    ],
)
def test_settings_that_name_no_profile_leave_the_engines_own(profile, tmp_path: Path, text: str) -> None:
    (tmp_path / "x.json").write_text(text)
    code, out, err = profile("lint", tmp_path / "x.json")
    assert (code, out) == (ExitCode.OK, "")
    assert "the engine's own default is in force" in err


def test_a_container_of_azure_is_told_by_its_name(profile, tmp_path: Path) -> None:
    text = '{"containers": [{"name": "a", "properties": {"securityContext": {"privileged": false}}}]}'
    (tmp_path / "x.json").write_text(text)
    assert "names no profile: the engine's own default" in profile("lint", tmp_path / "x.json")[2]


def test_another_tools_json_is_no_profile_that_turns_seccomp_off(profile, tmp_path: Path) -> None:
    (tmp_path / "info.json").write_text('{"ID": "x", "SecurityOptions": ["name=seccomp,profile=builtin"]}')
    _, out, _ = profile("lint", tmp_path / "info.json")
    assert "this is the output of `docker info`, and no profile of Docker's" in out
    assert "unconfined" not in out


def test_the_security_options_alone_are_docker_infos_output(profile, tmp_path: Path) -> None:
    (tmp_path / "options").write_text("[name=selinux name=seccomp,profile=unconfined name=rootless]\n")
    code, _, err = profile("why", tmp_path / "options")
    assert code == ExitCode.USAGE
    assert "this is the output of `docker info`, which is not read" in err


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (
            "seccomp=<(curl -s https://x.org/p.json)",
            "names <(curl, which a shell makes of another command's output",
        ),
        ("seccomp=/dev/stdin", "names /dev/stdin, which a shell makes"),
        ('seccomp="$(cat p.json)"', "gives $(cat p.json), a profile's text, and engines take a file there"),
        ("seccomp=`cat p.json`", "gives `cat, a profile's text"),
        ("seccomp=$(pwd)/p.json", "with a variable in it"),
    ],
)
def test_a_shells_way_to_a_profile_is_no_file(profile, tmp_path: Path, option: str, said: str) -> None:
    (tmp_path / "run.sh").write_text(f"docker run --security-opt {option} debian\n")
    _, out, _ = profile("lint", tmp_path / "run.sh")
    assert said in out


@pytest.mark.parametrize("command", ["show", "import"])
def test_a_container_without_a_profile_is_answered_whatever_is_asked(
    profile, tmp_path: Path, command: str
) -> None:
    (tmp_path / "c.yml").write_text(
        "services:\n  a: {image: x, security_opt: ['seccomp=p.json']}\n  b: {image: x}\n"
    )
    err = profile(command, f"{tmp_path}/c.yml#b")[2]
    assert "b names no profile: the engine's own default is in force" in err
    err = profile(command, f"{tmp_path}/c.yml#c")[2]
    assert "holds no profile named 'c'\n  next: name one of a; b" in err


@pytest.mark.parametrize("command", ["show", "import"])
def test_a_file_on_a_node_is_to_be_copied_whatever_is_asked(profile, tmp_path: Path, command: str) -> None:
    (tmp_path / "pod.yml").write_text(
        "kind: Pod\nspec:\n  securityContext:\n    seccompProfile: {type: Localhost, localhostProfile: a.json}\n"
    )
    err = profile(command, tmp_path / "pod.yml")[2]
    assert "names /var/lib/kubelet/seccomp/a.json on the node\n  next: copy that file here" in err


def test_a_path_with_a_variable_is_told_in_the_file_that_has_it(profile, tmp_path: Path) -> None:
    holder = tmp_path / "c.yml"
    holder.write_text("services:\n  a:\n    security_opt: ['seccomp=${HOME}/p.json']\n")
    assert profile("show", holder)[2].startswith(
        f"workshop: {holder}: services.a.security_opt[0] names ${{HOME}}"
    )


def test_json_without_a_key_of_a_profile_is_told_from_an_empty_one(profile, tmp_path: Path) -> None:
    file = tmp_path / "package.json"
    file.write_text('{"name": "app", "scripts": {}}')
    for command in (("show", file), ("simulate", file, "read")):
        code, _, errors = profile(*command)
        assert code == 0
        assert 'none of a profile\'s keys, but "name", "scripts"' in errors
    file.write_text("{}")
    assert "keys" not in profile("show", file)[2]


def test_a_policy_of_firecracker_is_named(profile, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    policy = '"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]'
    file.write_text(f'{{"vmm": {{{policy}}}}}')
    code, _, errors = profile("show", file)
    assert code == 2
    assert "seccompiler" in errors


def test_a_part_that_is_cut_off_is_read_and_said_to_be_one(profile, tmp_path) -> None:
    part = tmp_path / "part"
    part.write_text(
        '"HostConfig": {"SecurityOpt": ["seccomp={\\"defaultAction\\": \\"SCMP_ACT_LOG\\"}"],\n"Binds": ['
    )
    for command in ("lint", "show", "import"):
        code, out, err = profile(command, part)
        assert code != ExitCode.USAGE
        assert out
        assert f"note: {part}: is cut off: ] }} missing at its end" in err
    part.write_text('"SecurityOpt": ["seccomp={\\"defaultAction')
    for command in ("show", "import"):
        assert f"{part}:1:17: is cut off within the security option" in profile(command, part)[2]


@pytest.mark.parametrize(
    "text", ["docker run alpine prog --privileged\n", "set -e\npodman create --rm alpine\n"]
)
def test_a_script_that_names_no_profile_has_the_engines_own(profile, tmp_path, text: str) -> None:
    script = tmp_path / "run.sh"
    script.write_text(text)
    code, _, err = profile("show", script)
    assert code == ExitCode.USAGE
    assert f"{script}: names no profile: the engine's own default is in force" in err
