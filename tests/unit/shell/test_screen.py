"""`runner.shell.screen`: the text that a screen shows."""

from hypothesis import given
from hypothesis import strategies as st

from runner.shell.screen import Screen


def test_a_screen_joins_rows_that_are_full_and_parts_those_that_are_not():
    screen = Screen(5)
    screen.feed("abcdefg\r\nhi")
    assert screen.text() == "abcdefg\nhi"
    screen.feed("\r\x1b[2AX\x1b[C\x1b[1PY\x1b[5;2H")
    assert screen.text((0, 1)) == "bYe\nfg\nhi"


@given(st.text(alphabet="ab\r\n\b\t\x1b[0123;KJPXABCDG@日"), st.integers(2, 9))
def test_a_screen_survives_anything(text, columns):
    screen = Screen(columns)
    for character in text:
        screen.feed(character)
    whole = Screen(columns)
    whole.feed(text)
    assert screen.text() == whole.text()
