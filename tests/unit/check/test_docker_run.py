"""`docker run` lines as typed."""

import pytest

from runner.check.docker_run import docker_run
from runner.lab.model.container import ContainerSpec

FULL = ContainerSpec(
    cap_add=("ALL",),
    security_opt=("apparmor=unconfined", "seccomp=profiles/my.json"),
    user="1000",
    environment={"A": "b c"},
    command=("sh", "-c", "a; b"),
    read_only=True,
)


def test_a_container_s_own_line_is_read_back():
    line = docker_run(FULL.docker_run(name="box"))
    assert line.spec == FULL
    assert line.name == "box"


@pytest.mark.parametrize(
    "text",
    [
        "docker run --rm -it lab whoami",
        "sudo docker run --rm -ti lab whoami > out 2>&1",
        "X=1 docker -H unix:///x container run --name=it lab whoami",
        "docker run --rm \\\n    lab whoami",
        "docker run --memory 64m -m64m --label a=b -p80:80 lab whoami",
        "docker run -- lab whoami",
    ],
)
def test_options_that_confinement_does_not_depend_on_change_nothing(text):
    assert docker_run(text).spec == ContainerSpec(command=("whoami",))


@pytest.mark.parametrize(
    "text",
    [
        "docker ps",
        "docker run",
        "docker run --rm",
        "docker run -it",
        "echo docker run lab",
        "",
        "docker run 'x",
    ],
)
def test_incomplete_docker_run_lines_are_not_parsed(text):
    assert docker_run(text) is None


def test_images_and_programs_can_be_changed():
    line = docker_run("docker run --rm lab whoami -x")
    assert line.with_image("other") == (
        *("docker", "run", "--rm", "--pull", "never", "other", "whoami", "-x"),
    )
    assert line.with_program("id") == ("docker", "run", "--rm", "lab", "id", "-x")
