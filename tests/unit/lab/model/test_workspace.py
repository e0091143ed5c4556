"""Names of files in a learner's workspace."""

import pytest

from runner.lab.model.workspace import file_name_problem


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("profiles/mine.json", ""),
        ("/etc/passwd", "must be relative"),
        ("../x.json", "must not leave"),
        ("a\nb", "is not a usable file name"),
        ("./x.json", "should be written 'x.json'"),
        (f"profiles/{'a' * 300}.json", "is too long for a file's name: 314 bytes, of at most 200"),
        ("é" * 150, "is too long for a file's name: 300 bytes"),
        (".", "names a folder"),
    ],
)
def test_a_name_that_cannot_be_a_file_says_why(name: str, problem: str) -> None:
    assert file_name_problem(name).startswith(problem) if problem else file_name_problem(name) == ""
