"""A fence → its block."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from runner.lab.model.workshop import (
    HOST,
    Block,
    CheckBlock,
    ConsoleBlock,
    FileBlock,
    HintBlock,
    Language,
    SolveBlock,
)
from runner.lab.model.workspace import file_name_problem
from runner.lab.read.blocks.check import read_check
from runner.lab.read.blocks.container import read_container_block
from runner.lab.read.blocks.quiz import read_quiz
from runner.lab.read.blocks.transcript import read_transcript
from runner.lab.read.rules import Rule
from runner.lab.read.syntax.fence import Info
from runner.lab.read.syntax.fields import seconds
from runner.lab.read.syntax.tree import Table, describe
from runner.lab.read.syntax.yaml_tree import parse_yaml

if TYPE_CHECKING:
    from runner.lab.model.container import ContainerSpec
    from runner.lab.read.syntax.markdown import Fence
    from runner.lab.read.syntax.source import Source

CONSOLE_TIMEOUT = 30.0
"""Seconds for one command of a transcript, unless its fence says otherwise."""


class Context(NamedTuple):
    """The place of a fence, and the defaults that its containers inherit."""

    source: "Source"
    defaults: "ContainerSpec"


def read_block(context: Context, fence: "Fence", info: Info) -> Block | None:
    """The block of a fence that acts; None after reporting the reason why it cannot be used."""
    read = _READERS.get(info.language)
    if read is None:
        return _file(context, fence, info, language=info.language, edit="edit" in info.attributes)
    return read(context, fence, info)


def _container(context: Context, fence: "Fence", _: Info) -> Block | None:
    table = _table(context, fence, "container")
    if table is None:
        return None
    return read_container_block(context.source, table, context.defaults, fence.line, fence.end)


def _console(context: Context, fence: "Fence", info: Info) -> ConsoleBlock:
    commands = read_transcript(context.source, fence.content, fence.line + 1)
    if not commands:
        message = "no commands; a line that starts with '$ ' is typed, '> ' continues it"
        context.source.report(Rule.TRANSCRIPT, message, fence.line)
    timeout = CONSOLE_TIMEOUT
    if text := info.attributes.get("timeout"):
        timeout = seconds(text) or timeout
        if seconds(text) is None:
            message = f"timeout must be seconds, more than 0 and at most 600, not {text!r}"
            context.source.report(Rule.BAD_VALUE, message, fence.line)
    span = context.source.span(fence.line, fence.end)
    return ConsoleBlock(info.attributes.get("in") or HOST, commands, timeout, span)


def _check(context: Context, fence: "Fence", _: Info) -> Block | None:
    table = _table(context, fence, "check")
    if table is None:
        return None
    check = read_check(context.source, table, context.defaults, fence.line, fence.end)
    return CheckBlock(check, check.span) if check else None


def _solve(context: Context, fence: "Fence", info: Info) -> Block | None:
    action: ConsoleBlock | FileBlock | None
    if "file" not in info.attributes:
        action = _console(context, fence, info)
    elif "in" in info.attributes or "timeout" in info.attributes:
        message = "a 'solve' fence holds a transcript (in=, timeout=) or a file (file=), not both"
        context.source.report(Rule.UNKNOWN_ATTRIBUTE, message, fence.line)
        return None
    else:
        language = PurePosixPath(info.attributes["file"]).suffix.removeprefix(".")
        action = _file(context, fence, info, language=language, edit=False)
    return SolveBlock(action, action.span) if action else None


def _hint(context: Context, fence: "Fence", _: Info) -> HintBlock:
    text = fence.content.strip()
    if not text:
        context.source.report(Rule.EMPTY_TEXT, "an empty hint", fence.line)
    return HintBlock(text, context.source.span(fence.line, fence.end))


def _quiz(context: Context, fence: "Fence", _: Info) -> Block | None:
    table = _table(context, fence, "quiz")
    return read_quiz(context.source, table, fence.line, fence.end) if table else None


def _file(context: Context, fence: "Fence", info: Info, *, language: str, edit: bool) -> FileBlock | None:
    name = info.attributes["file"]
    if not name:
        return None
    if problem := file_name_problem(name):
        context.source.report(Rule.BAD_NAME, f"{name!r} {problem}", fence.line)
        return None
    return FileBlock(name, fence.content, language, edit, context.source.span(fence.line, fence.end))


_READERS: dict[str, Callable[[Context, "Fence", Info], Block | None]] = {
    Language.CONTAINER: _container,
    Language.CONSOLE: _console,
    Language.CHECK: _check,
    Language.SOLVE: _solve,
    Language.HINT: _hint,
    Language.QUIZ: _quiz,
}


def _table(context: Context, fence: "Fence", kind: str) -> Table | None:
    node = parse_yaml(context.source, fence.content, fence.line + 1)
    if node is None or isinstance(node, Table):
        return node
    message = f"a {kind!r} fence must hold a mapping, not {describe(node)}"
    context.source.report(Rule.WRONG_TYPE, message, node.line)
    return None
