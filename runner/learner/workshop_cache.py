"""A cache of parsed workshops: parsing is most of the time to the first screen."""

import os
import pickle
import sys
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from runner import lab, profile
from runner.files import is_ours_alone, replace_bytes
from runner.lab.model.glossary import PAGE
from runner.lab.model.span import Problem
from runner.lab.model.workshop import Workshop
from runner.paths import is_folder, look

_MOST_FILES = 2000
_Stamp = tuple[int, int, int]
Stamps = Mapping[str, _Stamp]
"""The state of files and folders, by absolute path, since a relative one depends on the current folder."""


class WorkshopCache:
    """One workshop in the cache folder, under the path by which it is named.

    An entry is valid while the files that it was parsed from, and those of this program, are unchanged. It is pickled,
    so a file that another user could have written is not touched.

    With `linted`, it is a workshop without lint errors, valid while nothing in its folders changes. With a `language`,
    it is the workshop in that language.
    """

    problems: tuple[Problem, ...] = ()
    """The problems that lint found in the recalled workshop."""

    def __init__(self, folder: Path, cache: Path, *, linted: bool = False, language: str = "") -> None:
        name = zlib.crc32(os.fsencode(f"{folder} {folder.resolve()}"))
        self._folder = folder
        self._language = folder / language if language else None
        self._linted = linted
        kind = "-linted" if linted else f"-{language}" if language else ""
        self._file = cache / "workshops" / f"{name:08x}{kind}.pickle"

    def recall(self) -> Workshop | None:
        """The workshop; None if it is not there, or out of date."""
        try:
            with self._file.open("rb") as file:
                if not is_ours_alone(os.fstat(file.fileno())):
                    return None
                program, sources, pickled = pickle.load(file)  # noqa: S301 (our own, as was just made sure)
            if program != _program() or sources != _state(map(Path, sources)):
                return None
            glossary = self._folder / PAGE
            if look(glossary).exists and str(glossary.absolute()) not in sources:
                return None  # It was added since.
            workshop, self.problems = pickle.loads(pickled)  # noqa: S301 (as above)
            if self._linted and sources.keys() != _state(_everything(self._folder, *workshop.files)).keys():
                return None
        # Whatever a damaged file leads to, the workshop can be read from its own files.
        except Exception:  # noqa: BLE001
            return None
        assert isinstance(workshop, Workshop)
        return workshop if all(is_folder(folder) for folder in workshop.files) else None

    def look(self, others: Iterable[Path] | None = None) -> Stamps:
        """The state of what the workshop is read from; with `others`, the state of these folders and their content.

        Take it before that is read: what changes while it is read makes the workshop out of date.
        """
        folders = [self._folder, *filter(None, [self._language])]
        with suppress(OSError):
            if others is not None or self._linted:
                return _state(_everything(*([self._folder] if others is None else others)))
            return _state(path for folder in folders for path in (folder, *folder.iterdir()))
        return {}

    def keep(
        self,
        workshop: Workshop,
        sources: Iterable[Path],
        stamps: Stamps,
        problems: Sequence[Problem] = (),
    ) -> None:
        """Store a workshop that was read without errors from `sources`, or from everything if it is linted.

        Those whose `stamps` were taken count; what was not there then makes it be read again the next time. A failure
        to store it does no harm.
        """
        for prose in () if self._linted else workshop.prose:
            # Parse the lazy parts, so that they are stored too.
            _ = prose.passages
        with suppress(OSError):
            if self._linted:
                names = {*_state(_everything(self._folder, *workshop.files))}
            else:
                # Adding a file to the language's folder changes the folder's time.
                names = {str(path.absolute()) for path in (*sources, *filter(None, [self._language]))}
            state = {name: stamps[name] for name in names if name in stamps}
            if len(state) < len(names) or len(state) > _MOST_FILES:
                return
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            kept = pickle.dumps((workshop, tuple(problems)))
            replace_bytes(self._file, pickle.dumps((_program(), state, kept)), mode=0o600)


def _everything(*folders: Path) -> set[Path]:
    """Everything that lint may look at in these folders: the presence of names, and the content of files."""
    return {*folders} | {path for folder in folders for path in folder.rglob("*")}


def _state(paths: Iterable[Path]) -> dict[str, _Stamp]:
    """The stamps of those that are there."""
    found = {}
    for path in paths:
        with suppress(OSError):
            found[str(path.absolute())] = _stamp(path.stat())
    return found


def _program() -> tuple[str, dict[str, _Stamp]]:
    """The other things that an entry depends on: this Python, our modules, and the parsers that they use."""
    parsers = [find_spec(name) for name in ("markdown_it", "yaml")]
    modules = [
        *(path for package in (lab, profile) for path in Path(package.__file__ or "").parent.rglob("*.py")),
        *(Path(spec.origin) for spec in parsers if spec is not None and spec.origin),
    ]
    return sys.version, {str(module): _stamp(module.stat()) for module in modules}


def _stamp(state: os.stat_result) -> _Stamp:
    return state.st_mtime_ns, state.st_size, state.st_ino
