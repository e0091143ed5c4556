"""Lint: containers are used by names that the lab has defined before."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from runner.lab.lint.walk import blocks, line_of
from runner.lab.model.check import (
    Check,
    CommandMutant,
    TranscriptProbe,
    container_of,
)
from runner.lab.model.images import LAB, images_of
from runner.lab.model.span import Severity, Span
from runner.lab.model.workshop import HOST, CheckBlock, ConsoleBlock, ContainerBlock, Lab
from runner.lab.read.rules import Rule
from runner.suggest import nearest

if TYPE_CHECKING:
    from runner.lab.read.syntax.source import Source


def lint_containers(lab: Lab, source: "Source") -> None:
    """Report uses of missing containers, names defined twice in a step, and images that a learner may lack."""
    defined: dict[str, ContainerBlock] = {}
    owners: dict[tuple[str, str], int] = {}
    for step, block in blocks(lab):
        if isinstance(block, ContainerBlock):
            defined[block.name] = block
            first = owners.setdefault((step.id, block.name), block.span.line)
            if first != block.span.line:
                message = f"this step has a container {block.name!r} already, in line {first}"
                source.report(Rule.DUPLICATE_ID, message, line_of(source, block.span, block.name))
            _lint_image(source, block.spec.image, block.span)
        elif isinstance(block, ConsoleBlock):
            _lint_use(source, block.target, block.span, defined, console=True)
        elif isinstance(block, CheckBlock):
            for image in dict.fromkeys(images_of(block.check)):
                _lint_image(source, image, block.span)
            for name, span, console in _used(block.check):
                _lint_use(source, name, span, defined, console=console)


def _used(check: Check) -> Iterator[tuple[str, Span, bool]]:
    """Each name that a check uses, its place, and True if it may be the host's console."""
    if name := container_of(check.probe):
        yield name, check.span, False
    if isinstance(check.probe, TranscriptProbe):
        yield check.probe.target, check.span, True
    for mutant in check.mutants:
        if isinstance(mutant, CommandMutant):
            yield mutant.target, mutant.span, True


def _lint_use(
    source: "Source", name: str, span: Span, defined: dict[str, ContainerBlock], *, console: bool
) -> None:
    if not name or (console and name == HOST):
        return
    line = line_of(source, span, name)
    if name not in defined:
        source.report(
            Rule.UNKNOWN_CONTAINER, f"no container {name!r} before this{_hint(name, defined)}", line
        )
    elif not defined[name].starts:
        message = f"the container {name!r} never runs: its definition says 'starts: false'"
        source.report(Rule.UNKNOWN_CONTAINER, message, line)


def _hint(name: str, defined: dict[str, ContainerBlock]) -> str:
    if name == HOST:
        return "; a 'host' probe runs a program in the workspace"
    if close := nearest(name, defined):
        return f" (did you mean {close!r}?)"
    return f"; defined: {', '.join(defined)}" if defined else "; define it in a 'container' fence"


def _lint_image(source: "Source", image: str, span: Span) -> None:
    if image != LAB:
        message = f"the image {image!r} needs a network or a bundle; {LAB!r} is always there"
        line = line_of(source, span, image)
        source.report(Rule.OTHER_IMAGE, message, line, severity=Severity.WARNING)
