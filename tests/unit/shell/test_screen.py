"""`runner.shell.screen`: the text that a screen shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.shell.screen import Screen


def test_a_screen_joins_rows_that_are_full_and_parts_those_that_are_not():
    screen = Screen(5)
    screen.feed("abcdefg\r\nhi")
    assert screen.text() == "abcdefg\nhi"
    screen.feed("\r\x1b[2AX\x1b[C\x1b[1PY\x1b[5;2H")
    assert screen.text((0, 1)) == "bYe\nfg\nhi"


@pytest.mark.parametrize("final", "ABCDGJKPX@")
@pytest.mark.parametrize("number", ["7", "4096", "0009", "9" * 5000], ids=["few", "many", "zeros", "digits"])
def test_no_sequence_makes_a_row_longer_than_the_screen(final, number):
    screen = Screen(6)
    screen.feed(f"abcd\b\b\x1b[{number}{final}" * 3)
    assert all(len(cells) <= 6 for cells in screen._rows)


@pytest.mark.parametrize("unit", ["\t\n", "x\b\n", "\n\n\x1b[A\t"])
def test_output_that_is_no_line_takes_little_memory(unit):
    screen = Screen(100)
    screen.feed("\x1b[99C" + unit * 5000 + "\x1b[9999Ax" + "\x1b[Ax" * 5000 + "\r\x1b[9999Bthe end")
    assert sum(map(len, screen._rows)) <= 100 * 1001
    assert screen.text().endswith("the end")


def test_inserted_cells_push_the_last_ones_out():
    screen = Screen(6)
    screen.feed("abcdef\r\x1b[2C\x1b[3@")
    assert screen.text() == "ab   c"


def test_characters_without_a_width_stay_with_the_one_before():
    screen = Screen(20)
    screen.feed("\u0301cafe\u0301 ❤\ufe0f 日\u0300x\b\b\bo")
    assert screen.text() == "cafe\u0301 ❤\ufe0f ox"


def test_accents_without_end_take_little_memory():
    screen = Screen(9)
    screen.feed("e" + "\u0301" * 10_000)
    assert len(screen.text()) < 100


def test_a_wide_character_goes_on_in_the_next_row_where_the_last_cell_is_too_narrow():
    screen = Screen(5)
    screen.feed("abcd日x")
    assert screen.text() == "abcd日x"


@given(st.text(alphabet="ab\r\n\b\t\x1b[0123;KJPXABCDG@日\u0301"), st.integers(2, 9))
def test_a_screen_survives_anything(text, columns):
    screen = Screen(columns)
    for character in text:
        screen.feed(character)
    whole = Screen(columns)
    whole.feed(text)
    assert screen.text() == whole.text()
