"""The difference of a file contains the whole file, and every lesson line that is missing."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.learner.file_diff import LONGEST, Change, DiffLine, difference, in_short

TEXTS = st.lists(st.sampled_from(["a", "b", "{", "}", ""]), max_size=40).map("\n".join)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_it(lesson, now):
    lines = difference(lesson, now)
    before, after = lesson.splitlines(), now.splitlines()
    at = [0, 0]
    for line in lines:
        match line.change:
            case Change.SAME:
                assert before[at[0]] == after[at[1]] == line.text
                at = [at[0] + 1, at[1] + 1]
            case Change.REMOVED:
                assert before[at[0]] == line.text
                at[0] += 1
            case Change.ADDED:
                assert after[at[1]] == line.text
                at[1] += 1
            case Change.LEFT_OUT:
                count = int(line.text.split()[0])
                assert before[at[0] : at[0] + count] == after[at[1] : at[1] + count]
                at = [at[0] + count, at[1] + count]
    assert at == [len(before), len(after)]


def test_lines_far_from_a_change_are_left_out():
    lesson = "\n".join(map(str, range(100)))
    lines = difference(lesson, lesson.replace("\n50\n", "\nfifty\n"))
    assert len(lines) < 15
    assert DiffLine(Change.REMOVED, "50") in lines
    assert DiffLine(Change.ADDED, "fifty") in lines
    assert [line.text for line in lines if line.change is Change.LEFT_OUT] == [
        "47 lines as in the lesson",
        "46 lines as in the lesson",
    ]


def test_too_much_is_not_compared():
    assert difference("a", "\n" * (LONGEST + 1)) is None
    assert difference("a", "\n" * LONGEST) is not None


def test_of_a_long_run_of_changes_the_ends_are_shown():
    lines = difference("{\n}", "\n".join(["{", *map(str, range(700)), "}"]))
    short = in_short(lines)
    assert [line.text for line in short if line.change is Change.LEFT_OUT] == ["684 more lines"]
    assert short[0].text == "{"
    assert [line.text for line in short[1:3]] == ["0", "1"]
    assert [line.text for line in short[-2:]] == ["699", "}"]
    assert in_short(short) == short


def test_a_short_run_is_shown_as_it_is():
    lines = difference("", "\n".join(map(str, range(24))))
    assert in_short(lines) == lines


@pytest.mark.parametrize(
    ("lesson", "now"),
    [(["a", "b"], ["b", "a", "a"]), (["{", '"x": 1', "}"], ["{", '"y": 1', "},"])],
    ids=["two lines", "a profile"],
)
def test_lines_that_come_again_and_again_are_compared_at_once(lesson, now):
    """It is done where keys are read: a profile of many rules has few different lines."""
    began = time.process_time()
    assert difference("\n".join(lesson * 600), "\n".join(now * 600))
    assert time.process_time() - began < 3


def test_a_short_file_of_lines_that_the_lesson_has_again_and_again_is_not_compared():
    """Nothing bounds the time for it, since `SequenceMatcher` leaves no line out of a text so short."""
    lesson = ["a", "b"] * (LONGEST // 2)
    assert difference("\n".join(lesson), "\n".join(["b", "a", "a"] * 66)) is None
    assert difference("\n".join(lesson), "\n".join(["b", "a", "a"] * 67))
    assert difference("\n".join(lesson), "\n".join(map(str, range(198))))
