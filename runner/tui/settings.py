"""The user's preferences, remembered between runs."""

import json
import logging
from pathlib import Path

from runner.files import replace_text

SANDBOX = "sandbox"
"""The place name of the sandbox."""

_log = logging.getLogger(__name__)


class Settings:
    """A small JSON file; an unreadable or unwritable one counts as empty."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def below(cls, state: Path) -> "Settings":
        """The settings in the state folder."""
        return cls(state / "settings.json")

    @property
    def theme(self) -> str:
        """The name of the chosen theme, "" if none was chosen."""
        return self._text("theme")

    @theme.setter
    def theme(self, name: str) -> None:
        self._write(self._read() | {"theme": name})

    @property
    def place(self) -> str:
        """The user's current or last place in the app: `WORKSHOP/LAB`, `SANDBOX`, or "" for the list of labs."""
        return self._text("place")

    @place.setter
    def place(self, place: str) -> None:
        if place != self.place:
            self._write(self._read() | {"place": place})

    def split(self, *, stacked: bool) -> float | None:
        """The chosen part of the screen for the reading side; None if none was chosen."""
        value = self._read().get(_split_name(stacked))
        return value if isinstance(value, float) and 0 < value < 1 else None

    def remember_split(self, part: float | None, *, stacked: bool) -> None:
        """Remember the part; None for none chosen."""
        others = {name: value for name, value in self._read().items() if name != _split_name(stacked)}
        self._write(others if part is None else others | {_split_name(stacked): part})

    def _text(self, name: str) -> str:
        value = self._read().get(name, "")
        return value if isinstance(value, str) else ""

    def _read(self) -> dict[str, object]:
        try:
            value = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}

    def _write(self, values: dict[str, object]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_text(self._path, json.dumps(values) + "\n")
        except OSError as error:
            _log.warning("the settings are not remembered: %s", error)


def _split_name(stacked: bool) -> str:
    return "split-stacked" if stacked else "split"
