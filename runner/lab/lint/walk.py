"""Iterating over a lab's blocks, and finding the line of a problem."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runner.lab.model.workshop import Block, ConsoleBlock, FileBlock, Lab, SolveBlock, Step

if TYPE_CHECKING:
    from runner.lab.model.span import Span
    from runner.lab.read.syntax.source import Source


def blocks(lab: Lab) -> Iterator[tuple[Step, Block | ConsoleBlock | FileBlock]]:
    """Every block with its step, in order; a piece of a solution as the action that it performs."""
    for step in lab.steps:
        for block in step.blocks:
            yield step, block.action if isinstance(block, SolveBlock) else block


def line_of(source: "Source", span: "Span", text: str) -> int:
    """The first line of `span` that contains `text`; the span's first line if none does."""
    lines = range(span.line, span.end + 1)
    return next((line for line in lines if text in source.lines[line - 1]), span.line)
