"""A learner's membership of a class, kept on their own machine."""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

from runner.files import replace_bytes


@dataclass(frozen=True, slots=True)
class Membership:
    """The class, the name and the secret that let a learner in again."""

    origin: str
    fingerprint: str
    name: str
    secret: str

    def write(self, file: Path) -> None:
        """Write it to a file that only this user can read.

        Raises:
            OSError: the file cannot be written.
        """
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content = {"version": 1, **{name: getattr(self, name) for name in self.__slots__}}
        replace_bytes(file, json.dumps(content).encode(), mode=0o600)

    @classmethod
    def read(cls, file: Path) -> "Membership | None":
        """The membership in a file; None if there is no usable one."""
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            found = json.loads(file.read_bytes())
            return cls(*(str(found[name]) for name in cls.__slots__)) if found["version"] == 1 else None
        return None
