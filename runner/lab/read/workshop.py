"""Reads a folder as a workshop, with every problem found."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from runner.lab.collection import collection_paused
from runner.lab.model.container import ContainerSpec
from runner.lab.model.glossary import PAGE, Term
from runner.lab.model.span import Problem, Severity
from runner.lab.model.workshop import Lab, Workshop
from runner.lab.read.blocks.check import read_id
from runner.lab.read.blocks.container import container_fields, read_settings
from runner.lab.read.folder import MANIFEST, NO_LABS
from runner.lab.read.glossary import read_glossary
from runner.lab.read.lab import read_lab
from runner.lab.read.rules import Rule
from runner.lab.read.syntax.fields import Fields
from runner.lab.read.syntax.source import Source, load
from runner.lab.read.syntax.toml_tree import parse_toml
from runner.lab.read.tracks import TrackText, read_paths, read_tracks
from runner.lab.read.translation import WORKSHOP_PAGE, languages, pages, read_texts, translated
from runner.paths import Kind, closed, is_folder, look

_KEYS = ("id", "title", "summary", "format", "labs", "tracks", "paths", "files", "defaults")
_TAKEN = {PAGE: "the glossary", WORKSHOP_PAGE: "the manifest's texts in a language's folder"}
"""Names of files that no lab can have, and what they are."""
_MARKDOWN = (".md", ".markdown")
FORMAT = 1
"""The version of the lab format that this reader supports."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A workshop as far as it could be read, and its problems.

    `workshop` is None only if its manifest cannot be used at all; unusable labs are left out.
    """

    workshop: Workshop | None
    problems: tuple[Problem, ...]
    sources: Mapping[Path, Source] = field(default_factory=dict, repr=False, compare=False)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that prevent running the workshop."""
        return tuple(problem for problem in self.problems if problem.severity is Severity.ERROR)


@collection_paused()
def read_workshop(path: Path, language: str = "") -> Reading:
    """Read the workshop at `path`: its folder, its manifest, or one of its labs.

    With a `language`, translated texts from that folder replace the originals.
    """
    folder = path if is_folder(path) else path.parent
    manifest = load(folder / MANIFEST)
    sources = {manifest.path: manifest}
    workshop = None
    if not manifest.problems:
        workshop = _workshop(manifest, folder, sources)
    if workshop is not None and language in languages(folder):
        workshop = _in_language(workshop, folder / language, sources)
    problems = tuple(problem for source in sources.values() for problem in source.problems)
    return Reading(workshop, tuple(sorted(problems, key=lambda problem: problem.span)), sources)


def _workshop(manifest: Source, folder: Path, sources: dict[Path, Source]) -> Workshop | None:
    table = parse_toml(manifest)
    if table is None:
        return None
    fields = Fields(manifest, table, MANIFEST, _KEYS)
    if not _known_format(fields):
        return None
    identity, title, summary = read_id(fields), fields.required("title"), fields.text("summary")
    defaults = _defaults(fields)
    files = tuple(_folders(fields, folder))
    tracks = read_tracks(fields)
    listed = _lists(fields, tracks)
    labs = tuple(_labs(listed, folder, defaults, sources))
    _check_ids(labs, sources)
    if not identity:
        return None
    ids = {lab.path.name: lab.id for lab in labs}
    return Workshop(
        identity,
        title,
        summary,
        defaults,
        files,
        labs,
        folder,
        tracks=tuple(text.track(ids) for text in tracks),
        paths=read_paths(fields, ids.values(), complete=len(ids) == sum(len(one.files) for one in listed)),
        glossary=_glossary(folder, sources),
    )


def _glossary(folder: Path, sources: dict[Path, Source]) -> tuple[Term, ...]:
    path = folder / PAGE
    if not look(path).exists:
        return ()
    source = sources[path] = load(path)
    return () if source.problems else read_glossary(source)


def _in_language(workshop: Workshop, folder: Path, sources: dict[Path, Source]) -> Workshop:
    texts = {}
    for name, _ in pages(workshop):
        if look(folder / name).exists:
            source = sources[folder / name] = load(folder / name)
            texts[name] = read_texts(source)
    return translated(workshop, texts)


def _known_format(fields: Fields) -> bool:
    if "format" not in fields:
        fields.report(Rule.MISSING_KEY, f"{MANIFEST} needs 'format = {FORMAT}'")
        return False
    version = fields.text("format")
    if version != str(FORMAT):
        message = f"unknown lab format {version!r}; this version of workshop reads format {FORMAT}"
        fields.report(Rule.FORMAT_VERSION, message, "format")
        return False
    return True


def _defaults(fields: Fields) -> ContainerSpec:
    table = fields.table("defaults")
    if table is None:
        return ContainerSpec()
    return ContainerSpec().overridden(read_settings(container_fields(fields.source, table, "defaults")))


def _folders(fields: Fields, folder: Path) -> Iterator[Path]:
    names: set[str] = set()
    for name in fields.texts("files"):
        path = folder / name
        if trouble := look(path).not_a(Kind.FOLDER):
            fields.report(Rule.MISSING_FILE, f"no folder {name!r} to copy from: {trouble}", "files")
        else:
            if reason := closed(path):
                fields.report(Rule.NOT_READABLE, f"the folder {name!r} cannot be read: {reason}", "files")
            if path.resolve().name in names:
                message = (
                    f"two folders are called {path.resolve().name!r}, and a workspace has one; rename one"
                )
                fields.report(Rule.DUPLICATE_ID, message, "files")
            names.add(path.resolve().name)
            yield path.resolve()


class _List(NamedTuple):
    """A list of Markdown files, and the mapping that has it: the manifest, or one of its tracks."""

    fields: Fields
    files: tuple[str, ...]


def _lists(manifest: Fields, tracks: Sequence[TrackText]) -> list[_List]:
    if tracks and "labs" in manifest:
        message = "the labs are listed in the tracks already; give 'labs' or 'tracks', not both"
        manifest.report(Rule.UNKNOWN_KEY, message, "labs")
    if tracks:
        return [_List(track.fields, track.files) for track in tracks]
    if "tracks" not in manifest and manifest.lists_nothing("labs"):
        message = f"{MANIFEST} needs 'labs', the Markdown files in their order, or 'tracks' with theirs"
        manifest.report(Rule.MISSING_KEY, message, "labs")
    return [_List(manifest, manifest.texts("labs"))]


def _labs(
    lists: Sequence[_List], folder: Path, defaults: ContainerSpec, sources: dict[Path, Source]
) -> Iterator[Lab]:
    listed = [(fields, name) for fields, files in lists for name in files]
    for fields, name in listed:
        path = folder / name
        if "/" in name or "\0" in name or not name.endswith(".md"):
            fields.report(Rule.BAD_NAME, f"'labs' holds Markdown files of this folder, not {name!r}", "labs")
        elif name in _TAKEN:
            message = f"{name!r} is the name of {_TAKEN[name]}; give the lab's file another"
            fields.report(Rule.BAD_NAME, message, "labs")
        elif path in sources:
            fields.report(Rule.DUPLICATE_ID, f"{name!r} is listed twice", "labs")
        elif trouble := look(path).problem:
            fields.report(Rule.MISSING_LAB, f"no lab {name!r}: {trouble}", "labs")
        else:
            source = sources[path] = load(path)
            lab = None if source.problems else read_lab(source, defaults)
            if lab is not None:
                yield lab
    names = {name for _, name in listed}
    for stray in sorted(path for path in folder.glob("*") if path.name.casefold().endswith(_MARKDOWN)):
        if stray.name.casefold() == PAGE and not look(folder / PAGE).exists:
            message = f"{stray.name!r} is not read; call it {PAGE!r}"
            lists[-1].fields.report(Rule.UNLISTED_LAB, message, "labs")
        elif stray.name not in names and stray.name.casefold() not in NO_LABS:
            message = f"{stray.name!r} is not listed in 'labs', so nobody can reach it"
            lists[-1].fields.report(Rule.UNLISTED_LAB, message, "labs")


def _check_ids(labs: tuple[Lab, ...], sources: Mapping[Path, Source]) -> None:
    """Report ids that are not unique: of labs in a workshop, of checks and quizzes in a lab."""
    owners: dict[str, Path] = {}
    for lab in labs:
        source = sources[lab.path]
        if lab.id in owners:
            message = f"the lab id {lab.id!r} is taken by {owners[lab.id].name}"
            source.report(Rule.DUPLICATE_ID, message, 1)
        owners.setdefault(lab.id, lab.path)
        lines: dict[str, int] = {}
        named = [(check.id, check.span.line) for check in lab.checks]
        named += [(quiz.id, quiz.span.line) for step in lab.steps for quiz in step.quizzes]
        for identity, line in sorted(named, key=lambda item: item[1]):
            if identity in lines:
                message = f"the id {identity!r} is there twice, first in line {lines[identity]}"
                source.report(Rule.DUPLICATE_ID, message, line)
            lines.setdefault(identity, line)
