"""What the user prefers, remembered between runs."""

import json
import logging
import os
from pathlib import Path

_log = logging.getLogger(__name__)


class Settings:
    """A small JSON file; one that cannot be read or written is as good as none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def theme(self) -> str:
        """The name of the chosen theme, "" if none was."""
        value = self._read().get("theme", "")
        return value if isinstance(value, str) else ""

    @theme.setter
    def theme(self, name: str) -> None:
        self._write(self._read() | {"theme": name})

    def _read(self) -> dict[str, object]:
        try:
            value = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}

    def _write(self, values: dict[str, object]) -> None:
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary.write_text(json.dumps(values) + "\n", encoding="utf-8")
            temporary.replace(self._path)
        except OSError as error:
            _log.warning("the settings are not remembered: %s", error)
