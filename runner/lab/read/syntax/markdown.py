"""Markdown → headings, fences and the prose between them, each with its lines.

Only the block structure is parsed here, which is enough for fences; `runner.lab.read.prose` parses paragraphs.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt

from runner.lab.model.workshop import Language
from runner.lab.read.rules import Rule

if TYPE_CHECKING:
    from markdown_it.token import Token

    from runner.lab.read.syntax.source import Source


_OPENING = re.compile(rf"[\s>]*(?:`{{2,}}|~{{2,}})\s*((?:(?:{'|'.join(Language)})\b|\S+ file=)[^`]*)")
"""A line that begins a fence that acts, if only Markdown took it for one."""
_RUN_ON_HEADING = re.compile(r" {0,3}(#{2,6})[^#\s]")


class Heading(NamedTuple):
    """A heading of any level; `text` is its Markdown."""

    level: int
    text: str
    line: int
    end: int


class Fence(NamedTuple):
    """A fenced block, with its content from the line after `line` on.

    `nested` if it is in a list or a quotation, or where Markdown sees no fence: indented, in HTML, or in a paragraph.
    """

    info: str
    content: str
    line: int
    end: int
    nested: bool


class OtherBlock(NamedTuple):
    """Any other block."""

    line: int
    end: int


Piece = Heading | Fence | OtherBlock


def pieces(source: "Source", first_line: int) -> Iterator[Piece]:
    """The blocks of `source` from `first_line` on, in order; reports fences that are never closed."""
    text = "\n" * (first_line - 1) + "\n".join(source.lines[first_line - 1 :])
    tokens = _parser().parse(text)
    for index, token in enumerate(tokens):
        if token.map is None or token.nesting < 0:
            continue
        line, end = token.map[0] + 1, token.map[1]
        if token.type == "fence":
            _check_closed(source, token, line, end)
            yield Fence(token.info.strip(), token.content, line, end, nested=token.level > 0)
            continue
        yield from _unseen(source, token, line, end)
        if token.level > 0:
            continue
        elif token.type == "heading_open":
            yield Heading(int(token.tag[1:]), tokens[index + 1].content, line, end)
        else:
            yield OtherBlock(line, end)
            if token.type == "paragraph_open":
                _check_headings(source, line, end)


def _unseen(source: "Source", token: "Token", line: int, end: int) -> Iterator[Fence]:
    """The fences in a text that is none to Markdown, unless a comment hides them on purpose."""
    if token.type not in {"code_block", "html_block", "inline"} or token.content.lstrip().startswith("<!--"):
        return
    for number in range(line, end + 1):
        if opening := _OPENING.fullmatch(source.lines[number - 1]):
            yield Fence(opening[1].strip(), "", number, number, nested=True)


def _check_headings(source: "Source", line: int, end: int) -> None:
    for number in range(line, end + 1):
        if found := _RUN_ON_HEADING.match(source.lines[number - 1]):
            message = f"this is no heading; write a blank after {found[1]}"
            source.report(Rule.EMPTY_HEADING, message, number)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark")
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


def _check_closed(source: "Source", token: "Token", line: int, end: int) -> None:
    # In a list or a quotation a fence may end with its surroundings, so only fences at the margin are
    # certain.
    if token.level > 0:
        return
    last = source.lines[end - 1].strip()
    if end == line or len(last) < len(token.markup) or set(last) != set(token.markup):
        source.report(Rule.UNCLOSED_FENCE, f"this fence is never closed; end it with {token.markup}", line)
