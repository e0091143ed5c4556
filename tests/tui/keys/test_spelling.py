"""Telling typed commands from single keys, where keys act."""

import pytest

from runner.tui.keys.spelling import GAP, Spelling
from runner.tui.screens.lab.keys import BINDINGS

KEYS = "".join(binding.key for binding in BINDINGS if len(binding.key) == 1)


def spelled(text: str, *, gap: float = GAP / 3, words=()) -> str:
    """The text typed before it was recognised as a command; "" if it never was."""
    spelling = Spelling(words)
    for place, character in enumerate(text):
        if begun := spelling.typed(character, 1 + place * gap, acts=character in KEYS + " "):
            return begun
    return ""


@pytest.mark.parametrize(
    ("text", "begun"),
    [
        ("ls -la", "ls"),
        ("docker ps", "do"),
        ("dd if=x", "dd"),
        ("./run", "."),
        ("cat note", "ca"),
        ("chmod 777 x", "ch"),
        ("strace ls", "st"),
        ("python3", "py"),
        ("pwd", "pw"),
    ],
)
def test_a_command_is_seen_at_its_second_letter_at_the_latest(text, begun):
    assert spelled(text) == begun


@pytest.mark.parametrize("keys", ["lrrr", "ss", "nn", "hhh", "l", " ", "  ", "np", "xn", "lrchsnpxXSqty"])
def test_keys_are_keys(keys):
    assert not spelled(keys)


def test_slow_letters_are_keys():
    assert not spelled("ls", gap=GAP * 1.5)


def test_the_labs_own_programs_count():
    assert not spelled("nx")
    assert spelled("nxd", words={"nxd"}) == "nx"


def test_what_happens_in_between_makes_a_difference():
    spelling = Spelling(())
    assert not spelling.typed("l", 1.0, acts=True)
    spelling.happened(1.05)
    assert not spelling.typed("s", 1.1, acts=True)
    assert not spelling.typed("l", 2.0, acts=True)
    spelling.happened(2.5)
    assert spelling.typed("s", 2.1, acts=True), "it was typed before, and is handled after that"
