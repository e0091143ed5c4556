"""`runner.profile.source.json_fault`: a missing character is reported where it is missing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.profile.errors import ProfileError
from runner.profile.source.json_text import parse


def fault(text: str) -> tuple[int, int, str]:
    with pytest.raises(ProfileError) as caught:
        parse(text)
    at = caught.value.at
    assert at is not None
    return at.line, at.column, caught.value.reason


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ('{\n "names": [\n  "read",\n  "write"\n "action": "X"\n}', 4, 10, "']' and ',' are missing here"),
        ('{\n "names": [\n  "read",\n  "write",\n "action": "X"\n}', 4, 10, "']' is missing here"),
        ('{"names": [\n "action": "X"}', 1, 12, "']' is missing here"),
        ('{"args": [\n {"index": 0}\n "comment": ""}', 2, 14, "']' and ',' are missing here"),
        ('{"syscalls": [\n {"action": "X"\n {"action": "Y"}]}', 2, 16, "'}' and ',' are missing here"),
        ('{"syscalls": [\n {"action": "X",\n {"action": "Y"}]}', 2, 16, "'}' is missing here"),
        ('{"syscalls": [\n {"action": "X"\n ]}', 2, 16, "'}' is missing here"),
        ('{"syscalls": [\n {"action": "X"}\n}', 2, 17, "']' is missing here"),
        ('{"a": 1\n "b": 2}', 1, 8, "',' is missing here, before the key \"b\""),
        ('["a"\n "b"]', 1, 5, "',' is missing here, between two items"),
        ("[[1]\n [2]]", 1, 5, "',' is missing here, between two items"),
        ('{"a": [1,2]', 1, 12, "'}' is missing for the object opened on line 1"),
        ("[1,2\n", 2, 1, "']' is missing for the array opened on line 1"),
        ('{"a": "x\n  y"}', 1, 7, "does not end on its line"),
        ("[1, ]", 1, 5, "a comma before ']'"),
        ('{"a": 1, }', 1, 10, "a comma before '}'"),
        ('{"a": "b" "c"}', 1, 11, 'found "c"'),
    ],
)
def test_a_fault_is_reported_where_it_can_be_fixed(text: str, line: int, column: int, reason: str) -> None:
    found_line, found_column, found = fault(text)
    assert (found_line, found_column) == (line, column)
    assert reason in found


def test_unclosed_brackets_are_named_with_their_line() -> None:
    text = '{\n "syscalls": [\n  {"names": ["read"],\n   "action": "X"\n  ]\n}'
    assert "the object opened on line 3 is not closed before the ']' on line 5" in fault(text)[2]


PROFILE = json.dumps(
    {
        "defaultAction": "SCMP_ACT_ERRNO",
        "syscalls": [{"names": ["read", "write"], "action": "SCMP_ACT_ALLOW"}],
    },
    indent=1,
)


@pytest.mark.parametrize("mark", ["]", "}", ","])
@given(which=st.integers(0, 3))
def test_a_mark_that_was_taken_away_is_missed_on_its_own_line(mark: str, which: int) -> None:
    """It may belong anywhere after the value before it: the line of that value is the place to look."""
    places = [index for index, character in enumerate(PROFILE) if character == mark][:-1] or [
        PROFILE.index(mark)
    ]
    place = places[which % len(places)]
    broken = PROFILE[:place] + PROFILE[place + 1 :]
    line, _, reason = fault(broken)
    assert f"'{mark}'" in reason
    before = broken[:place].rstrip(" \n")
    assert line in (before.count("\n") + 1, broken.count("\n") + 1)


@given(st.text(alphabet='{}[],:"ab1 \n', max_size=30))
def test_any_text_is_json_or_one_fault_within_it(text: str) -> None:
    try:
        parse(text)
    except ProfileError as error:
        problem = error
    else:
        return
    assert problem.at is not None
    lines = text.split("\n")
    assert 1 <= problem.at.line <= len(lines)
    assert 1 <= problem.at.column <= len(lines[problem.at.line - 1]) + 1
