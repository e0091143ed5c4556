"""A transcript → commands, expected lines and exit statuses."""

from pathlib import Path

import pytest

from runner.lab.model.transcript import Match, Status
from runner.lab.read.blocks.transcript import read_transcript
from runner.lab.read.syntax.source import Source


def read(text):
    source = Source(Path("lab.md"), text)
    commands = read_transcript(source, text, 1)
    return commands, [(problem.span.line, problem.rule) for problem in source.problems]


def lines(text):
    commands, problems = read(f"$ x\n{text}")
    assert problems == []
    return [(line.text, line.match, line.least, line.most) for line in commands[0].output]


def test_either_prompt_starts_a_command():
    commands, problems = read("$ id\nroot\n# whoami\nroot\n")
    assert problems == []
    assert [command.text for command in commands] == ["id", "whoami"]
    assert [[line.text for line in command.output] for command in commands] == [["root"], ["root"]]


def test_continuation_lines_join_with_newlines():
    commands, problems = read("# cat <<E\n> a\n>\n> E\na\n\n")
    assert problems == []
    assert commands[0].text == "cat <<E\na\n\nE"


@pytest.mark.parametrize("line", ["x" * 4095, "ü" * 2048, "printf '\x1b[2J'"])
def test_a_line_that_no_terminal_takes_is_found_where_it_is(line):
    longest = "ü" * 2047
    assert read(f"$ {longest}\n> {longest}\n")[1] == []
    assert read(f"$ true\n$ {line}\n")[1] == [(2, "transcript")]
    assert read(f"$ true\n> {line}\n")[1] == [(2, "transcript")]


def test_a_continuation_mark_after_output_is_output():
    commands, problems = read("$ diff a b\n1c1\n> new\n")
    assert problems == []
    assert [line.text for line in commands[0].output] == ["1c1", "> new"]


def test_spans_cover_the_command_and_its_output():
    commands, _ = read("$ a\n1\n\n$ b\n> c\n2\n[3]\n\n")
    assert [(command.span.line, command.span.end) for command in commands] == [(1, 2), (4, 7)]
    assert commands[1].output[0].span.line == 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", ("plain", Match.EQUAL, 1, 1)),
        ("a * (glob)", ("a *", Match.GLOB, 1, 1)),
        (r"\d+ (re)", (r"\d+", Match.REGEX, 1, 1)),
        ("* (glob*)", ("*", Match.GLOB, 0, None)),
        (r"\[\w+\] (re+)", (r"\[\w+\]", Match.REGEX, 1, None)),
        ("x? (glob?)", ("x?", Match.GLOB, 0, 1)),
        ("same (?)", ("same", Match.EQUAL, 0, 1)),
        ("same (*)", ("same", Match.EQUAL, 0, None)),
        ("same (+)", ("same", Match.EQUAL, 1, None)),
        ("(parenthesis) inside", ("(parenthesis) inside", Match.EQUAL, 1, 1)),
        ("f(glob)", ("f(glob)", Match.EQUAL, 1, 1)),
        ("empty ()", ("empty ()", Match.EQUAL, 1, 1)),
        ("[1] 4711", ("[1] 4711", Match.EQUAL, 1, 1)),
        (r"\$ x", ("$ x", Match.EQUAL, 1, 1)),
        (r"\# x", ("# x", Match.EQUAL, 1, 1)),
        (r"\> x", ("> x", Match.EQUAL, 1, 1)),
        (r"\[1]", ("[1]", Match.EQUAL, 1, 1)),
        ("\\\\", ("\\", Match.EQUAL, 1, 1)),
        (r"\a* (glob)", ("a* (glob)", Match.EQUAL, 1, 1)),
        ("\\", ("", Match.EQUAL, 1, 1)),
    ],
)
def test_each_form_of_an_expected_line(text, expected):
    assert lines(text) == [expected]


def test_blank_lines_count_only_between_output():
    assert [text for text, *_ in lines("\na\n\nb\n\n\n")] == ["", "a", "", "b"]
    commands, _ = read("$ a\n1\n\n\n$ b\n")
    assert [line.text for line in commands[0].output] == ["1"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", Status((0,))),
        ("[1]", Status((1,))),
        ("[125|127]", Status((125, 127))),
        ("[!0]", Status((0,), negated=True)),
        ("[!1|2]", Status((1, 2), negated=True)),
    ],
)
def test_exit_statuses(text, status):
    commands, problems = read(f"$ x\nout\n{text}\n")
    assert problems == []
    assert commands[0].status == status
    assert [line.text for line in commands[0].output] == ["out"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("out\n$ x", (1, "transcript")),
        ("$ ", (1, "transcript")),
        ("$ x\n[256]", (2, "transcript")),
        ("$ x\n[99999999999999999999999]", (2, "transcript")),
        ("$ x\n[1]\n[2]", (3, "transcript")),
        ("$ x\n[1]\nout", (3, "transcript")),
        ("$ x\na (regex)", (2, "transcript")),
        ("$ x\n(*)", (2, "transcript")),
        ("$ x\n( (re)", (2, "bad-regex")),
        ("$ x\n[[a] (re)", (2, "bad-regex")),
        ("$ x\nplain (glob)", (2, "bad-glob")),
        ("$ x\n[z-a] (glob)", (2, "bad-glob")),
    ],
)
def test_faults_are_reported_in_their_line(text, problem):
    assert read(text)[1] == [problem]
