"""The instructor's own notes on learners, private to them."""

import json
from pathlib import Path

from runner.files import replace_bytes


class PrivateNotes:
    """Notes by learner, in a file of the instructor's that is not part of the class's record."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._notes = _read(path)

    def of(self, learner: str) -> str:
        """The note on a learner; "" if there is none."""
        return self._notes.get(learner, "")

    def keep(self, learner: str, text: str) -> None:
        """Replace the note on a learner.

        Raises:
            OSError: the note cannot be written; it is kept in memory.
        """
        if text.strip():
            self._notes[learner] = text
        else:
            self._notes.pop(learner, None)
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = json.dumps(self._notes, indent=1, ensure_ascii=False)
        replace_bytes(self._path, content.encode("utf-8", "replace"), mode=0o600)


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    notes = found.items() if isinstance(found, dict) else ()
    return {str(name): text for name, text in notes if isinstance(text, str)}
