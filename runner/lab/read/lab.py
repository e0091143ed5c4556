"""Reads one Markdown file as a lab."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runner.lab.model.prose import Prose
from runner.lab.model.span import Severity
from runner.lab.model.workshop import Block, Lab, Step
from runner.lab.read.blocks.block import Context, read_block
from runner.lab.read.blocks.check import read_id
from runner.lab.read.rules import Rule
from runner.lab.read.slug import slug
from runner.lab.read.syntax.fence import check_info, read_info
from runner.lab.read.syntax.fields import Fields
from runner.lab.read.syntax.markdown import Fence, Heading, Piece, pieces
from runner.lab.read.syntax.tree import Table
from runner.lab.read.syntax.yaml_tree import parse_yaml

if TYPE_CHECKING:
    from runner.lab.model.container import ContainerSpec
    from runner.lab.read.syntax.source import Source

_RULE_LINE = "---"
_MOST_MINUTES = 6000
"""A hundred hours: more than any lab takes, and no more than a list of labs can show."""


def read_lab(source: "Source", defaults: "ContainerSpec") -> Lab | None:
    """Read the lab in `source`; None if its front matter has no usable id."""
    front, body_line = _front_matter(source)
    found = list(pieces(source, body_line))
    _check_headings(source, found)
    drafts = _steps(source, found, body_line, Context(source, defaults))
    introduction, steps = drafts[0], drafts[1:]
    if front is None:
        return None
    fields = Fields(source, front, "the front matter", ("id", "title", "minutes", "objectives"))
    identity, title = read_id(fields), fields.required("title")
    minutes = _minutes(fields)
    objectives = _objectives(fields)
    if not steps:
        source.report(Rule.EMPTY_HEADING, "no steps; a heading of level 2 ('## …') starts one", body_line)
    if not identity:
        return None
    return Lab(
        id=identity,
        title=title,
        minutes=minutes,
        objectives=objectives,
        introduction=tuple(block for block in introduction.blocks if isinstance(block, Prose)),
        steps=tuple(_identified(source, steps)),
        path=source.path,
    )


def _front_matter(source: "Source") -> tuple[Table | None, int]:
    """The front matter and the line after it; the table is None after reporting a fault."""
    lines = source.lines
    if lines[0].rstrip() != _RULE_LINE:
        message = "a lab starts with front matter: '---', then id, title, minutes, objectives, then '---'"
        source.report(Rule.FRONT_MATTER, message, 1)
        return None, 1
    end = next((number for number, line in enumerate(lines[1:], 2) if line.rstrip() == _RULE_LINE), 0)
    if not end:
        source.report(Rule.FRONT_MATTER, "the front matter is never closed; end it with '---'", 1)
        return None, len(lines) + 1
    node = parse_yaml(source, "\n".join(lines[1 : end - 1]), 2)
    if node is not None and not isinstance(node, Table):
        source.report(Rule.FRONT_MATTER, "the front matter must be a mapping: 'id: …' and so on", 2)
        node = None
    return node, end + 1


def _minutes(fields: Fields) -> int:
    if "minutes" not in fields:
        fields.report(Rule.MISSING_KEY, "the front matter needs 'minutes': how long the lab takes")
    return fields.integer("minutes", 1, least=1, most=_MOST_MINUTES)


def _objectives(fields: Fields) -> tuple[str, ...]:
    objectives = fields.texts("objectives")
    if "objectives" not in fields:
        fields.report(
            Rule.MISSING_KEY, "the front matter needs 'objectives': what a learner can do afterwards"
        )
    elif not objectives or not all(text.strip() for text in objectives):
        fields.report(Rule.EMPTY_TEXT, "'objectives' in the front matter is empty", "objectives")
    return objectives


@dataclass(slots=True)
class _Draft:
    """A step under construction; the first one, without a title, is the introduction."""

    title: str
    line: int
    end: int
    blocks: list[Block] = field(default_factory=list)


def _steps(source: "Source", found: Iterable[Piece], first_line: int, context: Context) -> list[_Draft]:
    drafts = [_Draft("", first_line, first_line)]
    prose: tuple[int, int] | None = None
    for piece in found:
        draft = drafts[-1]
        acting = _acting(piece, context, introduction=len(drafts) == 1)
        starts_step = isinstance(piece, Heading) and piece.level == 2
        if (starts_step or acting is not None) and prose:
            draft.blocks.append(_prose(source, *prose))
            prose = None
        if isinstance(piece, Heading) and starts_step:
            drafts.append(_Draft(piece.text, piece.line, piece.end))
        elif acting is not None:
            draft.blocks += acting
            draft.end = piece.end
        elif not (isinstance(piece, Fence) and piece.nested):
            prose = (prose[0] if prose else piece.line, piece.end)
            draft.end = piece.end
    if prose:
        drafts[-1].blocks.append(_prose(source, *prose))
    return drafts


def _acting(piece: Piece, context: Context, *, introduction: bool) -> tuple[Block, ...] | None:
    """The block of a fence that acts, () if it is unusable; None for prose."""
    if not isinstance(piece, Fence):
        return None
    info = read_info(piece.info)
    if piece.nested and info.acts:
        message = (
            f"a {info.language or 'file'!r} fence does not act in a list, a quotation, HTML or a paragraph; "
            "move it to the margin, below an empty line, with three backticks; "
            "to show one, put it into a fence of four backticks"
        )
        context.source.report(Rule.NESTED_FENCE, message, piece.line)
        return None
    check_info(context.source, info, piece.line)
    if not info.acts:
        return None
    block = read_block(context, piece, info)
    if introduction:
        message = "a fence that acts belongs to a step; put it below a heading of level 2 ('## …')"
        context.source.report(Rule.OUTSIDE_STEP, message, piece.line)
    return () if block is None else (block,)


def _prose(source: "Source", line: int, end: int) -> Prose:
    lines = source.lines[line - 1 : end]
    while lines and not lines[-1].strip():
        lines.pop()
    return Prose("\n".join(lines), source.span(line, line + max(len(lines), 1) - 1))


def _identified(source: "Source", drafts: Iterable[_Draft]) -> Iterator[Step]:
    lines: dict[str, int] = {}
    for number, draft in enumerate(drafts, 1):
        identity = slug(draft.title) or f"step-{number}"
        if identity in lines:
            message = f"the step {draft.title!r} is there twice, first in line {lines[identity]}"
            source.report(Rule.DUPLICATE_ID, message, draft.line)
        lines.setdefault(identity, draft.line)
        yield Step(identity, draft.title, tuple(draft.blocks), source.span(draft.line, draft.end))


def _check_headings(source: "Source", found: list[Piece]) -> None:
    """Report a heading without content: followed by nothing, or by a heading of its level or above."""
    followers: list[Piece | None] = [*found, None][1:]
    for piece, follower in zip(found, followers, strict=True):
        if not isinstance(piece, Heading):
            continue
        if not piece.text.strip():
            source.report(Rule.EMPTY_HEADING, "a heading without text", piece.line)
        elif piece.level > 1 and (
            follower is None or (isinstance(follower, Heading) and follower.level <= piece.level)
        ):
            message = f"nothing is below the heading {piece.text!r}"
            source.report(Rule.EMPTY_HEADING, message, piece.line, severity=Severity.WARNING)
