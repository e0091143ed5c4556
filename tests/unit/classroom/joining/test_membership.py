"""The membership that lets a learner into a class again."""

from pathlib import Path

import pytest

from runner.classroom.joining.membership import Membership


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"version": 2}', "[" * 100_000],
    ids=["none", "list", "empty", "newer", "deep"],
)
def test_a_file_that_is_of_no_use_counts_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "class.json"
    file.write_text(content)
    assert Membership.read(file) is None
    assert Membership.read(tmp_path / "absent") is None
