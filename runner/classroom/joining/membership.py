"""What lets a learner into a class again, kept on their own machine."""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

from runner.files import replace_bytes


@dataclass(frozen=True, slots=True)
class Membership:
    """What lets a learner into a class again."""

    origin: str
    fingerprint: str
    name: str
    secret: str

    def write(self, file: Path) -> None:
        """Keep it where only this user may read it.

        Raises:
            OSError: it cannot be written.
        """
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = {"version": 1, **{name: getattr(self, name) for name in self.__slots__}}
        replace_bytes(file, json.dumps(content).encode(), mode=0o600)

    @classmethod
    def read(cls, file: Path) -> "Membership | None":
        """What is kept there; None if it is nothing of use."""
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            found = json.loads(file.read_bytes())
            return cls(*(str(found[name]) for name in cls.__slots__)) if found["version"] == 1 else None
        return None
