"""A `quiz` fence → a question with an explanation for every answer."""

from typing import TYPE_CHECKING

from runner.lab.model.workshop import Option, QuizBlock
from runner.lab.read.blocks.check import read_id
from runner.lab.read.rules import Rule
from runner.lab.read.syntax.fields import Fields

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source
    from runner.lab.read.syntax.tree import Table


def read_quiz(source: "Source", table: "Table", line: int, end: int) -> QuizBlock | None:
    """Read a `quiz` fence; None if it has no usable id."""
    fields = Fields(source, table, "quiz", ("id", "question", "options"))
    identity, question = read_id(fields), fields.required("question")
    options = tuple(_option(source, entry) for entry in fields.tables("options"))
    if len(options) < 2:
        fields.report(Rule.QUIZ, "a quiz needs at least two options", "options")
    elif not any(option.correct for option in options):
        fields.report(Rule.QUIZ, "no option is marked 'correct: true'", "options")
    elif all(option.correct for option in options):
        fields.report(Rule.QUIZ, "every option is correct, so there is nothing to find out", "options")
    return QuizBlock(identity, question, options, source.span(line, end)) if identity else None


def _option(source: "Source", table: "Table") -> Option:
    fields = Fields(source, table, "an option", ("text", "correct", "why"))
    return Option(fields.required("text"), fields.flag("correct"), fields.required("why"))
