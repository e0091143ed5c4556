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


def test_two_screens_of_a_class_keep_each_others_notes(tmp_path):
    file = tmp_path / "notes.json"
    one, other = PrivateNotes(file), PrivateNotes(file)
    one.keep("Ada", "quick")
    other.keep("Bob", "asks much")
    one.keep("Ada", "")
    assert (one.of("Bob"), one.of("Ada")) == ("asks much", "")
    again = PrivateNotes(file)
    assert (again.of("Bob"), again.of("Ada")) == ("asks much", "")


def test_a_note_that_could_not_be_written_is_written_with_the_next(tmp_path, monkeypatch):
    file = tmp_path / "notes.json"
    notes = PrivateNotes(file)

    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("runner.instructor.notes.replace_bytes", full)
        with pytest.raises(OSError, match="No space"):
            notes.keep("Ada", "quick")
    assert notes.of("Ada") == "quick"
    notes.keep("Bob", "asks much")
    assert PrivateNotes(file).of("Ada") == "quick"


def test_a_file_that_cannot_be_read_is_not_lost(tmp_path):
    file = tmp_path / "notes.json"
    file.write_text('{"Ada": "quick",}')
    PrivateNotes(file).keep("Bob", "asks much")
    assert (tmp_path / "notes.damaged").read_text() == '{"Ada": "quick",}'
    assert PrivateNotes(file).of("Bob") == "asks much"
