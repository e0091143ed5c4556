"""The instructor's own notes on learners, private to them."""

import json
from contextlib import suppress
from pathlib import Path

from runner.files import replace_bytes
from runner.json_value import json_value


class PrivateNotes:
    """Notes by learner, in a file of the instructor's that is not part of the class's record.

    Several screens of a class write into the same file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._notes = _read(path) or {}
        self._unwritten: dict[str, str] = {}

    def of(self, learner: str) -> str:
        """The note on a learner; "" if there is none."""
        return self._notes.get(learner, "")

    def keep(self, learner: str, text: str) -> None:
        """Replace the note on a learner; a file that cannot be read is set aside.

        Raises:
            OSError: the note cannot be written; it is kept in memory.
        """
        self._unwritten[learner] = text
        there = _read(self._path)
        found = (self._notes if there is None else there) | self._unwritten
        self._notes = {name: note for name, note in found.items() if note.strip()}
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if there is None:
            with suppress(OSError):
                self._path.replace(self._path.with_suffix(".damaged"))
        content = json.dumps(self._notes, indent=1, ensure_ascii=False)
        replace_bytes(self._path, content.encode("utf-8", "replace"), mode=0o600)
        self._unwritten.clear()


def _read(path: Path) -> dict[str, str] | None:
    """The notes in a file; None if it cannot be read."""
    try:
        found = json_value(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict):
        return None
    return {str(name): text for name, text in found.items() if isinstance(text, str)}
