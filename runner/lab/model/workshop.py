"""A workshop as frozen values: labs, their steps, and the blocks that act."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from runner.lab.model.check import Check
from runner.lab.model.container import ContainerSpec
from runner.lab.model.glossary import Term
from runner.lab.model.prose import Prose
from runner.lab.model.span import Span
from runner.lab.model.track import LearningPath, Track
from runner.lab.model.transcript import Command
from runner.language import tr

HOST = "host"
"""The console of the learner's workspace, as opposed to those of the containers."""
OTHER_SHELL = "host/other"
"""A second shell of the learner's, for use while the first is busy. Its commands count as commands in `HOST`."""
OWN_SHELLS = frozenset({HOST, OTHER_SHELL})
"""The consoles that are not in a container."""


def console_name(target: str) -> str:
    """A console's name as shown to a learner."""
    if target == OTHER_SHELL:
        return tr("other shell")
    return tr("your shell") if target == HOST else target


def shell_name(target: str) -> str:
    """The name of a console's shell as shown to a learner, at the beginning of a sentence."""
    if target == OTHER_SHELL:
        return tr("Your other shell")
    return tr("Your shell") if target == HOST else tr("The shell in {target}", target=target)


@dataclass(frozen=True, slots=True)
class ContainerBlock:
    """A container to launch; `starts` is False if the lab shows that it cannot start."""

    name: str
    spec: ContainerSpec
    starts: bool
    span: Span


@dataclass(frozen=True, slots=True)
class ConsoleBlock:
    """A transcript for the console `target`, `host` or a container's; `timeout` in seconds per command."""

    target: str
    commands: tuple[Command, ...]
    timeout: float
    span: Span


@dataclass(frozen=True, slots=True)
class FileBlock:
    """A file of the learner's workspace; with `edit`, the learner is meant to change it."""

    name: str
    content: str
    language: str
    edit: bool
    span: Span


@dataclass(frozen=True, slots=True)
class CheckBlock:
    """The place of a check in the lesson."""

    check: Check
    span: Span


@dataclass(frozen=True, slots=True)
class SolveBlock:
    """One piece of a step's solution: a transcript, or a file with its solved content."""

    action: ConsoleBlock | FileBlock
    span: Span


@dataclass(frozen=True, slots=True)
class HintBlock:
    """A further level of help, in Markdown."""

    text: str
    span: Span


class Option(NamedTuple):
    """An answer to a quiz and why it is right or wrong."""

    text: str
    correct: bool
    why: str


@dataclass(frozen=True, slots=True)
class QuizBlock:
    """A question with several answers, at least one of them right."""

    id: str
    question: str
    options: tuple[Option, ...]
    span: Span


Block = Prose | ContainerBlock | ConsoleBlock | FileBlock | CheckBlock | SolveBlock | HintBlock | QuizBlock


class Action(NamedTuple):
    """An action of a step: one that the lesson asks of the learner or, with `solves`, a part of the solution."""

    block: ContainerBlock | ConsoleBlock | FileBlock
    solves: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A level-2 heading and the content below it; `id` is the heading's slug, unique in its lab."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    span: Span

    @property
    def checks(self) -> tuple[Check, ...]:
        return tuple(block.check for block in self.blocks if isinstance(block, CheckBlock))

    @property
    def hints(self) -> tuple[HintBlock, ...]:
        return tuple(block for block in self.blocks if isinstance(block, HintBlock))

    @property
    def containers(self) -> tuple[ContainerBlock, ...]:
        """The containers that the text launches."""
        return tuple(block for block in self.blocks if isinstance(block, ContainerBlock))

    @property
    def files(self) -> tuple[FileBlock, ...]:
        """The files that the text gives."""
        return tuple(block for block in self.blocks if isinstance(block, FileBlock))

    @property
    def quizzes(self) -> tuple[QuizBlock, ...]:
        """The questions."""
        return tuple(block for block in self.blocks if isinstance(block, QuizBlock))

    @property
    def actions(self) -> Iterator[Action]:
        """All actions of the step, in the order of the text."""
        for block in self.blocks:
            if isinstance(block, SolveBlock):
                yield Action(block.action, solves=True)
            elif isinstance(block, ContainerBlock | ConsoleBlock | FileBlock):
                yield Action(block, solves=False)

    @property
    def consoles(self) -> tuple[ConsoleBlock, ...]:
        """The consoles of the text and the solution, in the order of the text."""
        return tuple(action.block for action in self.actions if isinstance(action.block, ConsoleBlock))

    @property
    def solution(self) -> tuple[SolveBlock, ...]:
        """The blocks that make the step's checks pass, in order."""
        return tuple(block for block in self.blocks if isinstance(block, SolveBlock))


@dataclass(frozen=True, slots=True)
class Lab:
    """One Markdown file: front matter, an introduction, and steps. `minutes` is the author's estimate."""

    id: str
    title: str
    minutes: int
    objectives: tuple[str, ...]
    introduction: tuple[Prose, ...]
    steps: tuple[Step, ...]
    path: Path

    @property
    def checks(self) -> Iterator[Check]:
        return (check for step in self.steps for check in step.checks)

    @property
    def prose(self) -> Iterator[Prose]:
        """All prose of the lab, from the introduction on."""
        yield from self.introduction
        yield from (block for step in self.steps for block in step.blocks if isinstance(block, Prose))

    def before(self, step: Step) -> tuple[Step, ...]:
        """The steps before one of them."""
        return self.steps[: self.steps.index(step)]


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder with a `workshop.toml`: labs in order, container defaults, files for every workspace.

    `files` are folders that are copied into the workspace under their own names (`profiles/`). The labs of the
    `tracks`, if there are any, one after another, are the `labs`.
    """

    id: str
    title: str
    summary: str
    defaults: ContainerSpec
    files: tuple[Path, ...]
    labs: tuple[Lab, ...]
    path: Path = field(default_factory=Path)
    tracks: tuple[Track, ...] = ()
    paths: tuple[LearningPath, ...] = ()
    glossary: tuple[Term, ...] = ()

    @property
    def prose(self) -> Iterator[Prose]:
        """All prose of the lessons and of the glossary."""
        yield from (prose for lab in self.labs for prose in lab.prose)
        yield from (term.prose for term in self.glossary)

    @property
    def parts(self) -> tuple[tuple[Track | None, tuple[Lab, ...]], ...]:
        """The tracks with their labs; without tracks, all labs as one part."""
        if not self.tracks:
            return ((None, self.labs),)
        parts = ((track, self.labs_of(track)) for track in self.tracks)
        return tuple((track, labs) for track, labs in parts if labs)

    def labs_of(self, way: Track | LearningPath) -> tuple[Lab, ...]:
        """The labs of a track or a path, in order."""
        labs = {lab.id: lab for lab in self.labs}
        return tuple(labs[name] for name in way.labs if name in labs)

    def track_of(self, lab: Lab) -> Track | None:
        """The track that a lab is in."""
        return next((track for track in self.tracks if lab.id in track.labs), None)

    def along(self, path: LearningPath) -> "Workshop":
        """The workshop reduced to the labs of one path."""
        return replace(
            self,
            title=f"{self.title}: {path.title}",
            summary=path.summary or self.summary,
            labs=self.labs_of(path),
            tracks=(),
            paths=(),
        )


class Language(StrEnum):
    """The languages of fences that act; every other fence is prose."""

    CONTAINER = "container"
    CONSOLE = "console"
    CHECK = "check"
    SOLVE = "solve"
    HINT = "hint"
    QUIZ = "quiz"
