"""The guide for lab authors tells the truth."""

import re

import pytest

from runner.lab.lint import lint_workshop
from runner.lab.model.container import KEYS as CONTAINER_KEYS
from runner.lab.model.workshop import Language
from runner.lab.read.blocks.check import KEYS as CHECK_KEYS
from runner.lab.read.blocks.expectation import KEYS as EXPECTATION_KEYS
from runner.lab.read.rules import Rule
from runner.lab.read.workshop import read_workshop
from tests.unit.lab.guide import GUIDE, fences, write_fragments, write_workshop


@pytest.fixture(scope="module")
def named():
    """Every word that a table of the guide sets in code."""
    rows = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {
        word for row in rows for code in re.findall(r"`([^`]+)`", row) for word in re.split(r"[:{ =]+", code)
    }


def test_the_whole_example_lints_clean(tmp_path):
    assert lint_workshop(write_workshop(tmp_path)) == ()


def test_the_whole_example_has_one_of_everything(tmp_path):
    workshop = read_workshop(write_workshop(tmp_path)).workshop
    blocks = {type(block).__name__ for lab in workshop.labs for step in lab.steps for block in step.blocks}
    assert blocks == {
        "Prose",
        "ContainerBlock",
        "ConsoleBlock",
        "CheckBlock",
        "HintBlock",
        "FileBlock",
        "SolveBlock",
        "QuizBlock",
    }


def test_every_fragment_lints_clean(tmp_path):
    write_fragments(tmp_path)
    assert len(list(tmp_path.glob("*.md"))) == 5
    assert [str(problem) for problem in lint_workshop(tmp_path)] == []


def test_every_example_is_a_file_or_a_fragment_or_a_command():
    assert {info.split()[-1] for info, _ in fences()} == {
        "sh",
        "fragment",
        "markdown",
        "file=workshop.toml",
        "file=01-mkdir.md",
    }


def test_every_rule_is_explained_and_no_other():
    table = GUIDE.read_text(encoding="utf-8").partition("## Rules")[2]
    assert set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE)) == set(Rule)


@pytest.mark.parametrize(
    "words",
    [CHECK_KEYS, CONTAINER_KEYS, tuple(Language), *EXPECTATION_KEYS.values()],
    ids=["check", "container", "fences", *(kind.__name__ for kind in EXPECTATION_KEYS)],
)
def test_every_key_is_named(words, named):
    assert set(words) - named == set()
