"""A learner's unsaved texts in the editor."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from runner.files import replace_text


@dataclass(frozen=True, slots=True)
class Draft:
    """The unsaved text of the file `name`, started from the file's text `base`."""

    name: str
    text: str
    base: str


class Drafts:
    """The drafts of one lab, a file for each below `folder`; an unreadable draft counts as none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, draft: Draft) -> None:
        """Save a draft, replacing the one of its file.

        Raises:
            OSError: the draft cannot be written.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        content = {"name": draft.name, "text": draft.text, "base": draft.base}
        replace_text(self._path(draft.name), json.dumps(content))

    def find(self, name: str) -> Draft | None:
        """The draft of a file, if there is one."""
        return _read(self._path(name))

    def drop(self, name: str) -> None:
        """Forget the draft of a file.

        Raises:
            OSError: the draft cannot be deleted.
        """
        self._path(name).unlink(missing_ok=True)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files that have a draft."""
        try:
            found = [_read(path) for path in self._folder.glob("*.json")]
        except OSError:
            return ()
        return tuple(sorted(draft.name for draft in found if draft is not None))

    def _path(self, name: str) -> Path:
        # A file's name can be too long for the suffix of its draft.
        return self._folder / f"{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()}.json"


def _read(path: Path) -> Draft | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    match content:
        case {"name": str(name), "text": str(text), "base": str(base)}:
            return Draft(name, text, base)
    return None
