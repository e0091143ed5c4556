"""The `workshop profile test` line for a `docker run` line."""

from dataclasses import replace

import pytest

from runner.check.watched_run import ran_unfiltered, watched_run
from tests.fakes import INFO

TEST = "workshop profile test --profile"


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (
            "docker run --rm --security-opt seccomp=profiles/deny.json lab whoami",
            f"{TEST} profiles/deny.json lab whoami",
        ),
        (
            "sudo docker run --rm --cap-add ALL --security-opt apparmor=unconfined \\\n"
            "    --security-opt=seccomp:my.json lab whoami 2> errors",
            f"{TEST} my.json --cap-add ALL --security-opt apparmor=unconfined lab whoami",
        ),
        (
            'docker run --security-opt "seccomp=a b.json" lab sh -c "$(cat job.sh)"',
            f"{TEST} 'a b.json' lab sh -c \"$(cat job.sh)\"",
        ),
        (
            "docker run --security-opt seccomp=$PWD/x.json lab echo $(date +%s)",
            f'{TEST} "$PWD/x.json" lab echo $(date +%s)',
        ),
        ("docker run --rm -dit -e 'A=b c' lab sh", f"{TEST} default -it -e 'A=b c' lab sh"),
        ("docker run -d --rm -- lab sh", f"{TEST} default lab sh"),
        (
            "echo x; docker run --security-opt seccomp=x.json lab a | cat",
            f"{TEST} x.json lab a",
        ),
    ],
)
def test_the_container_is_the_same_and_docker_s_own_part_is_left_out(typed, line):
    assert watched_run(typed, 1) == line


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ls /missing",
        "docker ps",
        "docker run --security-opt seccomp=unconfined lab ls",
        "docker run --privileged lab ls",
        "docker run --rm 'lab",
    ],
)
def test_without_a_filter_there_is_nothing_to_name(typed):
    assert watched_run(typed, 1) == ""


def test_a_run_without_a_filter_is_distinguished():
    assert ran_unfiltered("docker run --rm --privileged lab ls", 125)
    assert ran_unfiltered("docker run --security-opt seccomp=unconfined lab ls", 1)
    assert not ran_unfiltered("docker run --privileged lab ls", 0)
    assert not ran_unfiltered("docker run lab ls", 125)
    assert not ran_unfiltered("ls /missing", 2)


def test_a_successful_run_is_not_repeated():
    assert watched_run("docker run lab whoami", 0) == ""
    assert watched_run("docker run lab a && docker run lab b", 1) == f"{TEST} default lab b"


@pytest.mark.parametrize(("version", "filtered"), [("26.1.5", False), ("27.0.0", True), (None, True)])
def test_a_privileged_container_keeps_its_profile_since_engine_27(version, filtered):
    typed = "docker run --privileged --security-opt seccomp=mine.json lab ls"
    engine = replace(INFO, version=version) if version else None
    assert bool(watched_run(typed, 1, engine)) is filtered
    assert ran_unfiltered(typed, 1, engine) is not filtered


def test_an_engine_may_run_without_a_filter_by_default():
    engine = replace(INFO, default_profile="unconfined")
    assert watched_run("docker run lab ls", 1, engine) == ""
    assert ran_unfiltered("docker run lab ls", 1, engine)
