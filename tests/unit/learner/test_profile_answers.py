"""`runner.learner.profile_answers`: what the editor says of a text."""

import pytest

from runner.learner.profile_answers import unreadable_line
from runner.profile.source.json_text import MAX_BYTES


@pytest.mark.parametrize(
    ("text", "line"),
    [('{\n "names": [1,]\n}', 2), ("", 1), ('{"other": 1}', None), ("[" * 99 + "]" * 99, 1)],
    ids=["comma", "empty", "no profile", "deep"],
)
def test_the_line_from_which_a_text_cannot_be_read(text: str, line: int | None) -> None:
    assert unreadable_line(text) == line


def test_a_text_that_is_too_large_is_not_called_wrong() -> None:
    assert unreadable_line("{}" + " " * MAX_BYTES) is None
