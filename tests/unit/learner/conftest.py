"""The step that tests of the learner's package share."""

import pytest

from tests.unit.learner.watched import LAB, Watched, step_of


@pytest.fixture
def step(tmp_path):
    return step_of(LAB, tmp_path)


@pytest.fixture
def watched(tmp_path, step):
    watched = Watched(tmp_path)
    watched.examiner.watch(step, frozenset())
    yield watched
    watched.examiner.close()
