"""What the list of labs says of a lab."""

from types import SimpleNamespace

import pytest
from markdown_it import MarkdownIt

from runner.learner.progress.state import LabState
from runner.tui.screens import picker_text

LAB = SimpleNamespace(title="A lab", objectives=(), minutes=5, steps=())


@pytest.mark.parametrize(
    ("notes", "shown"),
    [
        ("*x* `y` [z](w) <b> _u_ a\\", "*x* `y` [z](w) <b> _u_ a\\"),
        ("# one\n\ntwo", "# one …"),
        ("&amp; ends with a star*", "&amp; ends with a star*"),
        (f"{'x' * 79} y", f"{'x' * 79} …"),
    ],
)
def test_a_learners_notes_are_shown_as_they_wrote_them(notes: str, shown: str) -> None:
    text = picker_text.about(None, LAB, LabState(notes=notes))  # type: ignore[arg-type]
    (line,) = [token for token in MarkdownIt().parse(text) if token.content.startswith("Your notes")]
    assert line.children is not None
    _, begins, *words, ends = (piece for piece in line.children if piece.content or piece.type != "text")
    assert (begins.type, ends.type) == ("em_open", "em_close")
    assert "".join(piece.content for piece in words) == shown
