"""The catalogues have every text that the program shows, translated, and are compiled."""

import re

import pytest

from runner import language
from tools.messages.catalogue import compiled, folder, missing, updated
from tools.messages.extract import texts

PLACES = re.compile(r"\{\w+\}")


@pytest.fixture(params=language.known())
def known(request):
    yield request.param
    language.use("")


def test_the_catalogue_matches_the_tools_output(known):
    """`make messages` brings it up to date."""
    assert (folder(known) / "workshop.po").read_bytes() == updated(known)
    assert (folder(known) / "workshop.mo").read_bytes() == compiled(updated(known), known)


def test_nothing_is_left_untranslated(known):
    assert missing(updated(known), known) == []


def test_a_translation_has_the_same_places_for_values(known):
    language.use(known)
    for text in texts():
        said = language.tr(text)
        assert sorted(PLACES.findall(said)) == sorted(PLACES.findall(text)), text
        assert (said[0] == " ", said[-1] in " \n") == (text[0] == " ", text[-1] in " \n"), text


def test_shown_texts_are_found_in_the_source():
    found = texts()
    for text in (
        "There is no engine",  # an argument
        "Show one more hint",  # what an action does
        "Launch",  # a binding
        "has passed, and stays so",  # a mark
        "A check",  # what is marked
        "{number} hints",  # a plural
        "all capabilities",  # a value
        "Ctrl-X, then n",  # of a mapping
        "begins a workshop of your own",  # of a pair
    ):
        assert text in found
    assert "nano" not in found


def test_a_catalogue_does_not_say_when_it_was_made(known):
    """A file that is written anew is the same."""
    made = compiled(updated(known), known)
    assert b"Content-Type: text/plain; charset=utf-8" in made
    assert b"Date" not in made[: made.index(b"Content-Type")].rsplit(b"\0", 1)[-1]
