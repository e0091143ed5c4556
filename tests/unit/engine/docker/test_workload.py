"""What is said when docker makes no container of the words."""

from dataclasses import replace

from runner.engine.docker.workload import refused
from tests.fakes import FakeEngine

INFO = FakeEngine().info
OFFLINE = """\
Unable to find image 'redis:7' locally
docker: Error response from daemon: Get "https://registry.example/v2/": connection refused.
See 'docker create --help'.
"""


def test_an_image_is_handed_to_an_engine_that_cannot_pull():
    error = refused(replace(INFO, pulls=False), OFFLINE, tuple)
    assert str(error) == "the workshop's own engine has no image redis:7, and no network to pull it"
    assert "docker save redis:7 | DOCKER_HOST=$(workshop engine start) docker load" in error.remedy


def test_an_engine_that_pulls_says_why_it_could_not():
    error = refused(INFO, OFFLINE, tuple)
    assert "has no image redis:7, and cannot pull it: " in str(error)
    assert str(error).endswith("connection refused.")
    assert "--engine NAME" in error.remedy


def test_other_words_are_not_taken_for_an_image():
    error = refused(INFO, "docker: unknown flag: --nosuch\n\nSee 'docker run --help'.\n", tuple)
    assert str(error) == "docker refuses it: unknown flag: --nosuch"
    assert "docker run" in error.remedy


def test_the_image_that_was_meant_is_said_and_else_those_that_there_are():
    said = "Unable to find image 'lba:latest' locally\ndocker: Error response from daemon: no route\n"
    error = refused(replace(INFO, pulls=False), said, lambda: ("lab:latest", "nginx:1"))
    assert "has no image lba, and no network" in str(error)
    assert error.remedy.startswith("did you mean lab? ")
    error = refused(INFO, OFFLINE, lambda: ("lab:latest", "nginx:1"))
    assert error.remedy.startswith("it has lab, nginx:1. ")
