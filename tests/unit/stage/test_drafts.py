"""Drafts are kept, found and dropped by the name of their file."""

import pytest

from runner.stage.drafts import Draft, Drafts


@pytest.mark.parametrize("name", ["mine.json", "profiles/a b.json", "x" * 255, "../outside", "é\udcff.json"])
def test_a_draft_comes_back_as_it_was(tmp_path, name):
    drafts = Drafts(tmp_path / "drafts")
    assert drafts.find(name) is None
    draft = Draft(name, "{\n", "before")
    drafts.keep(draft)
    assert drafts.find(name) == draft
    assert drafts.names == (name,)
    drafts.drop(name)
    drafts.drop(name)
    assert drafts.names == ()


@pytest.mark.parametrize("content", ["", "[]", '{"name": "mine.json"}', "\xff"])
def test_a_damaged_draft_is_none(tmp_path, content):
    drafts = Drafts(tmp_path / "drafts")
    drafts.keep(Draft("mine.json", "text", ""))
    drafts._path("mine.json").write_text(content, encoding="latin-1")
    assert drafts.find("mine.json") is None
    assert drafts.names == ()
