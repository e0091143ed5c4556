"""Names that are taken on the engine are replaced, also in a fork, and `docker` learns of it."""

import pytest

from runner.stage.names import ContainerNames


@pytest.fixture
def names(tmp_path):
    return ContainerNames(tmp_path)


def told(tmp_path):
    return dict(line.split() for line in (tmp_path / "docker/names").read_text().splitlines())


def test_a_name_that_no_engine_takes_is_not_asked_for():
    assert [ContainerNames.wanted(name) for name in ("box", "b", "-x", "a.b_c")] == ["box", "", "", "a.b_c"]


def test_another_name_is_told_until_its_container_has_gone(names, tmp_path):
    other = names.another("box")
    assert told(tmp_path) == {"box": other}
    names.forget("box", "never")
    assert told(tmp_path) == {}


def test_a_fork_s_names_go_before_those_of_its_stage(names, tmp_path):
    other = names.another("box")
    fork = names.fork()
    forked = fork.another("box")
    assert forked != other
    assert told(tmp_path) == {"box": forked}
    fork.forget("box")
    assert told(tmp_path) == {"box": other}
