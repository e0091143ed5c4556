"""`runner.profile.holders.command.commands`: commands of scripts that start containers."""

from time import process_time

import pytest

from runner.profile.holders import find_profiles
from runner.profile.holders.command.commands import commands
from runner.profile.holders.settings import has_settings


@pytest.mark.parametrize(
    ("text", "line", "column", "before"),
    [
        ("docker run --privileged x\n", 1, 12, ""),
        ("set -e\ndocker run --security-opt seccomp=p.json \\\n  --privileged x\n", 3, 3, "27"),
        ("docker create --privileged=true --security-opt seccomp=unconfined x\n", 1, 15, ""),
        ("true; podman run --privileged x\n", 1, 18, ""),
        ("run: docker -H tcp://h:1 container run -it -e A='b; c' --privileged x\n", 1, 56, ""),
        ("docker run -v /a:/b $OPTS --privileged x\n", 1, 27, ""),
        ("podman run --replace --name x --rmi --privileged y\n", 1, 37, ""),
        ("bash -c 'docker run --privileged x' && echo 'done'\n", 1, 21, ""),
        ('call(["docker", "run", "-v", volume, "--privileged", image])\n', 1, 38, ""),
        ("docker run --privileged=false --privileged x\n", 1, 31, ""),
        ("docker --config /etc/docker run --privileged x\n", 1, 33, ""),
        ("docker -H docker -D container run -v docker -e podman --privileged x\n", 1, 55, ""),
    ],
)
def test_a_privileged_container_of_a_script_is_told(text: str, line: int, column: int, before: str) -> None:
    place = next(off for off in find_profiles(text).off if off.said == "--privileged")
    assert (place.line, place.column, place.before) == (line, column, before)


@pytest.mark.parametrize(
    "text",
    [
        "docker exec --privileged c sh\n",
        "docker run x --no-privileged\n",
        "# docker run --privileged x\ndocker run --security-opt seccomp=p.json x\n",
        "docker run x && mytool --privileged\n",
        "if you use docker to run the image, add --privileged\n",
        "Never use docker run --privileged in production\n",
        "docker can create a container that is --privileged\n",
        "With docker run --privileged x everything is allowed\n",
        "docker run --privileged is no answer\n",
        "docker volume create --privileged\n",
        "See docker run --privileged docs\n",
        "docker run alpine prog --privileged\n",
        "docker run -it --name web -p 80:80 --rm alpine prog --privileged\n",
        "docker run $IMAGE --privileged\n",
        "docker run --privileged --privileged=false x\n",
        'call(["docker", "run", "-v", "a:b", "x", "prog", "--privileged"])\n',
        "true  # docker run --privileged x\n",
    ],
)
def test_no_other_command_is_a_privileged_container(text: str) -> None:
    assert all(command.privileged is None for command in commands(text))


def test_a_step_of_a_pipeline_may_be_privileged() -> None:
    holding = find_profiles("kind: x\nscript:\n- docker run --privileged x\n")
    assert [(off.said, off.where, off.line) for off in holding.off] == [("--privileged", "script[0]", 3)]


def test_of_several_profiles_of_one_command_the_last_counts() -> None:
    options = "--security-opt seccomp=a.json {}--security-opt seccomp=b.json x\n"
    for between in ("", "\\\n "):
        holding = find_profiles("docker run " + options.format(between))
        assert [held.file for held in holding.profiles] == ["b.json"]
    two = find_profiles("docker run " + options.format("x\ndocker run "))
    assert [held.file for held in two.profiles] == ["a.json", "b.json"]


def test_the_arguments_of_the_program_name_no_profile() -> None:
    text = "docker run --security-opt seccomp=a.json x prog --security-opt seccomp=b.json\n"
    assert [held.file for held in find_profiles(text).profiles] == ["a.json"]
    assert not has_settings("docker run x prog --security-opt seccomp=b.json\n")


@pytest.mark.parametrize(
    "text",
    [
        'config.withSecurityOpts(List.of("seccomp=p.json"));\n',
        'SecurityOpt: []string{"seccomp=p.json", "no-new-privileges"},\n',
        "options = ['seccomp:p.json']\n",
    ],
)
def test_an_option_in_a_program_names_a_profile(text: str) -> None:
    assert [held.file for held in find_profiles(text).profiles] == ["p.json"]


def test_what_a_program_puts_in_is_no_profile() -> None:
    (held,) = find_profiles('run("x", security_opt=[f"seccomp={json.dumps(profile)}"])\n').profiles
    assert held.fault is not None
    assert "placeholder" in held.fault.reason


def test_a_blank_line_ends_a_command() -> None:
    text = "docker run x \\\n\n--privileged\n"
    assert [command.privileged for command in commands(text)] == [None]


@pytest.mark.parametrize(
    "part",
    [
        "docker ",
        "docker -x ",
        "docker -x podman -y ",
        "docker -x \\\n",
        "docker,",
        '"docker", "-x", ',
        "a \\\n",
        "docker run --privileged x\n",
        "docker run --security-opt seccomp=a x\n",
    ],
)
def test_commands_are_found_in_linear_time(part: str) -> None:
    def seconds(times: int) -> float:
        begin = process_time()
        find_profiles("# --privileged\ndocker run --security-opt seccomp=a x\n" + part * times)
        return process_time() - begin

    # The square of eight would be 64.
    assert min(seconds(16_000) for _ in range(2)) < 24 * max(seconds(2_000), 0.01)
