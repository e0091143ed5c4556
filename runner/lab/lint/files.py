"""Lint: files exist before they are used, and a container can start with those that are its profile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from runner.errors import UsageError
from runner.lab.lint.profiles import problem_of_file, problem_of_text
from runner.lab.lint.walk import line_of
from runner.lab.model.check import (
    Check,
    ContainerProbe,
    Control,
    EngineProbe,
    FileMutant,
    FileProbe,
    ProfileProbe,
    variations,
    what_runs,
)
from runner.lab.model.workshop import (
    CheckBlock,
    ConsoleBlock,
    ContainerBlock,
    FileBlock,
    Lab,
    Step,
)
from runner.lab.model.workspace import file_name_problem, shipped_file
from runner.lab.read.rules import Rule
from runner.suggest import nearest

if TYPE_CHECKING:
    from runner.lab.model.container import ContainerSpec
    from runner.lab.model.span import Span
    from runner.lab.read.syntax.source import Source

_OLD_DEFAULT = "default@"
"""What the names of old defaults begin with, which only a `profile` probe reads."""
_NO_PROFILE = frozenset({"", "unconfined"})
"""Values of `seccomp=` that name no file."""
_DOCKERS = frozenset({"default", "builtin"})
"""Values that docker or people take for the engine's own profile."""
_IN_FORCE = frozenset({"unconfined", "default"})
"""The words for a profile in force that is in no file."""


@dataclass(slots=True)
class _Known:
    """The workspace's content at some place of a lab."""

    folders: Sequence[Path]
    placed: dict[str, FileBlock | None] = field(default_factory=dict)
    """Files by name; None for a file that the learner fills."""
    typed: list[str] = field(default_factory=list)

    def is_file(self, name: str) -> bool:
        return name in self.placed or shipped_file(self.folders, name) is not None

    def has(self, name: str) -> bool:
        # Commands typed so far: one that names a file may create it.
        return self.is_file(name) or any(Path(name).name in text for text in self.typed)


def lint_files(lab: Lab, source: "Source", folders: Sequence[Path]) -> None:
    """Report files that nothing provides, and profiles with which no container can start."""
    known = _Known(folders)
    for step in lab.steps:
        _lint_places(source, known, step)
        _learn(known, step)
        for block in step.blocks:
            if isinstance(block, ContainerBlock):
                _lint_profile(source, known, block.spec, block.span, starts=block.starts)
            elif isinstance(block, CheckBlock):
                _lint_check(source, known, block.check)


def _learn(known: _Known, step: Step) -> None:
    """Add the workspace's content once the step is solved; a solution stands for the learner's version of a file."""
    for action in step.actions:
        match action.block:
            case FileBlock() as file:
                known.placed[file.name] = None if file.edit else file
            case ConsoleBlock(commands=commands):
                known.typed += [command.text for command in commands]


def _lint_places(source: "Source", known: _Known, step: Step) -> None:
    """Report a step's files whose place a folder takes, or whose folder's place a file of an earlier step takes."""
    files = [action.block for action in step.actions if isinstance(action.block, FileBlock)]
    folders = {folder.name for folder in known.folders}
    folders.update(*(_parents(name) for name in (*known.placed, *(file.name for file in files))))
    for file in files:
        taken = next((name for name in _parents(file.name) if known.is_file(name)), "")
        if file.name in folders:
            message = f"{file.name!r} is a folder of the workspace already; give the file another name"
            source.report(Rule.BAD_NAME, message, file.span.line)
        elif taken:
            message = (
                f"{taken!r} is a file of the workspace already, not a folder; give this file another name"
            )
            source.report(Rule.BAD_NAME, message, file.span.line)


def _parents(name: str) -> list[str]:
    return [str(folder) for folder in PurePosixPath(name).parents]


def _lint_check(source: "Source", known: _Known, check: Check) -> None:
    runs = what_runs(check.probe)
    if isinstance(runs, ContainerProbe):
        starts = check.expect.started is not False
        _lint_profile(source, known, runs.spec, check.span, starts=starts)
    for variation in variations(check):
        span = check.span if isinstance(variation, Control) else variation.span
        for option in variation.changes.get("security_opt", ()):
            key, _, value = option.partition("=")
            if key == "seccomp":
                _lint_option(source, known, value, span)
    for name, span in _named(check):
        _lint_name(source, known, name, span)


def _named(check: Check) -> Iterator[tuple[str, "Span"]]:
    """The files that a check names, apart from the profiles of containers."""
    match check.probe:
        case ProfileProbe(file=name) | FileProbe(name=name):
            yield name, check.span
        case EngineProbe():
            for expectation in (check.expect, check.reject):
                facts = (expectation and expectation.facts) or {}
                names = (name for name in facts.get("profile", ()) if name not in _IN_FORCE)
                yield from ((name, check.span) for name in names)
    for mutant in check.mutants:
        if isinstance(mutant, FileMutant):
            yield mutant.name, mutant.span


def _lint_option(source: "Source", known: _Known, value: str, span: "Span") -> bool:
    """Report the value of a `seccomp=` option with which no container starts; True if there is none to report."""
    if value in _NO_PROFILE:
        return True
    if value in _DOCKERS or value.startswith(_OLD_DEFAULT):
        remedy = (
            "leave the option out"
            if value in _DOCKERS
            else f"write it into a file with `workshop profile edit {value} -o FILE`"
        )
        message = f"'seccomp' takes a file of the workspace or 'unconfined', not {value!r}; {remedy}"
        source.report(Rule.MISSING_FILE, message, line_of(source, span, value))
        return False
    return _lint_name(source, known, value, span)


def _lint_name(source: "Source", known: _Known, name: str, span: "Span") -> bool:
    if not name:
        return True  # The reader has said so.
    if name.startswith(_OLD_DEFAULT):
        return _lint_default(source, name, span)
    if reason := file_name_problem(name):
        message = f"{name!r} {reason}"
    elif known.has(name):
        return True
    else:
        shipped = [f"{folder.name}/{path.name}" for folder in known.folders for path in folder.glob("*.json")]
        close = nearest(name, [*known.placed, *shipped])
        hint = (
            f" (did you mean {close!r}?)" if close else "; add a 'file=' fence or put it into a shared folder"
        )
        message = f"no file {name!r} in the workspace{hint}"
    source.report(Rule.MISSING_FILE, message, line_of(source, span, name))
    return False


def _lint_default(source: "Source", name: str, span: "Span") -> bool:
    from runner.profile.history.defaults import named_default  # noqa: PLC0415 - few labs name an old default

    try:
        named_default(name)
    except UsageError as error:
        source.report(Rule.MISSING_FILE, str(error), line_of(source, span, name))
        return False
    return True


def _lint_profile(
    source: "Source", known: _Known, spec: "ContainerSpec", span: "Span", *, starts: bool
) -> None:
    name = spec.seccomp
    if name in _NO_PROFILE or not _lint_option(source, known, name, span) or not starts:
        return
    all_capabilities = spec.privileged or "ALL" in spec.cap_add
    placed = known.placed.get(name)
    if placed is not None:
        found = problem_of_text(placed.content, all_capabilities=all_capabilities)
        if found is not None:
            source.report(found.rule, found.message, placed.span.line + found.line)
    elif name not in known.placed and (path := shipped_file(known.folders, name)):
        found = problem_of_file(path, all_capabilities=all_capabilities)
        if found is not None:
            at = f"{name}:{found.line}" if found.line else name
            source.report(found.rule, f"{at}: {found.message}", line_of(source, span, name))
