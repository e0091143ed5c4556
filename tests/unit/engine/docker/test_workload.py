"""A workload: the message if docker creates no container from the words, and the exit status at the end."""

from dataclasses import replace

import pytest

from runner.engine.docker.workload import Workload, refused
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


def test_the_nearest_image_is_suggested_else_all_are_listed():
    said = "Unable to find image 'lba:latest' locally\ndocker: Error response from daemon: no route\n"
    error = refused(replace(INFO, pulls=False), said, lambda: ("lab:latest", "nginx:1"))
    assert "has no image lba, and no network" in str(error)
    assert error.remedy.startswith("did you mean lab? ")
    error = refused(INFO, OFFLINE, lambda: ("lab:latest", "nginx:1"))
    assert error.remedy.startswith("it has lab, nginx:1. ")


class SlowToNotice:
    """An engine's client that learns of a program's end after a while, or never."""

    endpoint = "a test"

    def __init__(self, after: int, ended: str = "exited") -> None:
        self._left = after
        self._ended = ended

    def inspect_container(self, _identity: str) -> dict:
        self._left -= 1
        return {"State": {"Status": "running" if self._left >= 0 else self._ended, "ExitCode": 7}}


@pytest.mark.parametrize(("after", "status"), [(0, 7), (3, 7), (10**9, None)])
def test_the_exit_status_is_waited_for_but_not_for_ever(monkeypatch, after, status):
    monkeypatch.setattr("runner.engine.docker.workload._PAUSE", 0.0)
    monkeypatch.setattr("runner.engine.docker.workload._KNOWN", 0.1)
    workload = Workload(SlowToNotice(after), "id", "lab", tty=False, stdin=False)
    assert workload.status_at_end() == status


def test_podman_s_word_for_a_program_that_has_ended_is_known():
    assert Workload(SlowToNotice(0, "stopped"), "id", "lab", tty=False, stdin=False).status() == 7
    assert Workload(SlowToNotice(0, "created"), "id", "lab", tty=False, stdin=False).status() is None
