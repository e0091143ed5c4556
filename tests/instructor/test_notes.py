"""The instructor's own notes."""

import pytest

from runner.instructor.notes import PrivateNotes


@pytest.mark.parametrize(
    "content", ["", "[]", '{"Ada": 1}', "[" * 100_000], ids=["none", "list", "number", "deep"]
)
def test_a_damaged_file_has_no_notes(tmp_path, content):
    file = tmp_path / "notes.json"
    file.write_text(content)
    assert PrivateNotes(file).of("Ada") == ""
