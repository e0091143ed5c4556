"""Markdown → runs of text, and passages left as Markdown."""

import pytest

from runner.lab.model.prose import Passage, PassageKind, Words
from runner.lab.read.prose import passages


def test_paragraphs_and_headings_are_runs_of_text():
    """Lines of a paragraph are one text; looks add up."""
    heading, paragraph = passages("### Now `x`\n\nSome **bold `y`**\nand *more* of [it](https://here).\n")
    assert heading == Passage(PassageKind.HEADING, (Words("Now "), Words("x", ("code",))))
    assert paragraph == Passage(
        PassageKind.PARAGRAPH,
        (
            Words("Some "),
            Words("bold ", ("strong",)),
            Words("y", ("strong", "code")),
            Words(" and "),
            Words("more", ("emphasis",)),
            Words(" of "),
            Words("it", link="https://here"),
            Words("."),
        ),
    )


def test_a_break_in_a_line_stays():
    assert passages("a  \nb") == (Passage(PassageKind.PARAGRAPH, (Words("a\nb"),)),)


def test_lists_are_items_with_marks_and_depths():
    items = passages("- one\n- two\n  1. three\n  2. four\n- five\n")
    assert {item.kind for item in items} == {PassageKind.ITEM}
    assert [(item.mark, item.depth, item.words[0].text) for item in items] == [
        ("• ", 0, "one"),
        ("• ", 0, "two"),
        ("1. ", 1, "three"),
        ("2. ", 1, "four"),
        ("• ", 0, "five"),
    ]


def test_a_table_is_rows_of_cells():
    """Each row has as many cells as the head, as Markdown has it."""
    (table,) = passages("| a | `b` |\n|---|---|\n| 1 |\n| 2 | 3 | 4 |\n")
    assert table.kind is PassageKind.TABLE
    assert table.rows == (
        ((Words("a"),), (Words("b", ("code",)),)),
        ((Words("1"),), ()),
        ((Words("2"),), (Words("3"),)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "> said",
        "```c\nint x;\n```",
        "- one\n\n  and more of it",
        "- one\n\n  ```c\n  int x;\n  ```",
        "a ![picture](p.png)",
        "---",
        "a <b>c</b>",
    ],
)
def test_blocks_with_more_than_text_stay_markdown(text):
    assert passages(f"before\n\n{text}\n\nafter") == (
        Passage(PassageKind.PARAGRAPH, (Words("before"),)),
        Passage(PassageKind.OTHER, markdown=text),
        Passage(PassageKind.PARAGRAPH, (Words("after"),)),
    )


@pytest.mark.parametrize("separator", ["\u2028", "\x85", "\f", "\x1c"])
def test_a_separator_that_ends_no_line_of_markdown_shifts_nothing(separator):
    _, quote = passages(f"one{separator}two\n\n> a quotation\n")
    assert quote == Passage(PassageKind.OTHER, markdown="> a quotation")
