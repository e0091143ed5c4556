"""The `[[tracks]]` and `[[paths]]` of a manifest → tracks and paths."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from runner.lab.model.span import Severity
from runner.lab.model.track import LearningPath, Track
from runner.lab.read.blocks.check import read_id
from runner.lab.read.rules import Rule
from runner.lab.read.syntax.fields import Fields
from runner.suggest import nearest

_KEYS = ("id", "title", "summary", "labs")


class TrackText(NamedTuple):
    """A track or a path as written; a track's `files` are the Markdown files of its labs, a path's the labs' ids."""

    fields: Fields
    id: str
    title: str
    summary: str
    files: tuple[str, ...]

    def track(self, labs: Mapping[str, str]) -> Track:
        """The track; `labs` maps each file to the id of its lab, for labs that could be read."""
        found = tuple(labs[name] for name in self.files if name in labs)
        return Track(self.id, self.title, self.summary, found)


def read_tracks(manifest: Fields) -> tuple[TrackText, ...]:
    """Read the tracks, in order."""
    return tuple(_entries(manifest, "tracks"))


def read_paths(manifest: Fields, known: Iterable[str], *, complete: bool = True) -> tuple[LearningPath, ...]:
    """Read the paths, whose `labs` are some of the ids `known`.

    Unless that is `complete`, an unknown id may be that of a lab that could not be read.
    """
    known = tuple(known)
    paths = []
    for fields, identity, title, summary, labs in _entries(manifest, "paths"):
        for number, lab in enumerate(labs):
            if lab not in known and complete:
                close = nearest(lab, known)
                hint = f" (did you mean {close!r}?)" if close else f"; known: {', '.join(known)}"
                fields.report(Rule.MISSING_LAB, f"no lab has the id {lab!r}{hint}", "labs")
            elif lab in labs[:number]:
                fields.report(Rule.DUPLICATE_ID, f"{fields.where} has {lab!r} twice", "labs")
        paths.append(LearningPath(identity, title, summary, tuple(lab for lab in labs if lab in known)))
    return tuple(paths)


def _entries(manifest: Fields, key: str) -> list[TrackText]:
    """The usable tables of the list `key`."""
    entries: dict[str, TrackText] = {}
    for number, table in enumerate(manifest.tables(key), 1):
        fields = Fields(manifest.source, table, f"number {number} of {key!r}", _KEYS)
        identity, title, summary = read_id(fields), fields.required("title"), fields.text("summary")
        labs = fields.texts("labs")
        if "labs" not in fields:
            fields.report(Rule.MISSING_KEY, f"{fields.where} needs 'labs'")
        elif fields.lists_nothing("labs"):
            message, line = f"{fields.where} has no labs, and is not shown", fields.line_of("labs")
            fields.source.report(Rule.EMPTY_TEXT, message, line, severity=Severity.WARNING)
        if identity in entries:
            fields.report(Rule.DUPLICATE_ID, f"the id {identity!r} is there twice in {key!r}", "id")
        elif identity:
            entries[identity] = TrackText(fields, identity, title, summary, labs)
    return list(entries.values())
