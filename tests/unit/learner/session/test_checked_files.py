"""Files that checks look at are told from others, and changed ones from the same."""

from dataclasses import replace

import pytest

from runner.lab.model.check import FileProbe
from runner.learner.session.checked_files import CheckedFiles
from tests.unit.learner.watched import LAB, step_of


@pytest.fixture
def checks(tmp_path):
    (one, _) = step_of(LAB, tmp_path).checks
    return [one, replace(one, id="file", probe=FileProbe("mine.json"))]


@pytest.fixture
def files(tmp_path, checks):
    files = CheckedFiles(tmp_path)
    assert files.written(checks) == set(), "nothing is known of before"
    return files


def test_one_that_comes_changes_or_goes_was_written(tmp_path, checks, files):
    path = tmp_path / "mine.json"
    for change in (lambda: path.write_text("{}"), lambda: path.write_text("{ }"), path.unlink):
        change()
        assert files.written(checks) == {"mine.json"}
        assert files.written(checks) == set()


def test_others_do_not_count(tmp_path, checks, files):
    (tmp_path / "other.json").write_text("{}")
    assert files.written(checks) == set()


def test_one_that_was_not_looked_at_is_not_compared(tmp_path, checks, files):
    files.written(checks[:1])
    (tmp_path / "mine.json").write_text("{}")
    assert files.written(checks) == set()
