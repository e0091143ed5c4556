"""What a class is set to: made by root before it begins, read by the gateway, and kept until the class is over."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from runner.classroom.code import new_code
from runner.errors import WorkshopError
from runner.files import replace_bytes

_VERSION = 1
_NAME = "class.json"
CERTIFICATE, KEY = "certificate.pem", "key.pem"


@dataclass(frozen=True, slots=True)
class Settings:
    """`hosts` are what a browser may call this machine, the one that is shown first, each with its port.

    `code` lets learners in, `instructor_code` the instructor's own session.
    """

    title: str
    instructor: str
    seats: int
    hosts: tuple[str, ...]
    code: str
    instructor_code: str

    @classmethod
    def make(
        cls, *, title: str, instructor: str, seats: int, hosts: tuple[str, ...], before: "Settings | None"
    ) -> "Settings":
        """Those of a class, which goes on with the codes of the one `before` if it was not over."""
        codes = (new_code(), new_code()) if before is None else (before.code, before.instructor_code)
        return cls(title, instructor, seats, hosts, *codes)

    @property
    def address(self) -> str:
        """Where learners go."""
        return f"https://{self.hosts[0]}/"

    def joining(self, fingerprint: str) -> tuple[str, ...]:
        """The lines that say how to join; `fingerprint` is the certificate's."""
        return (
            f"{self.address}   code {self.code}",
            f"certificate  {fingerprint[:48]}",
            f"             {fingerprint[48:]}",
        )

    def write(self, folder: Path, *, reader: int) -> None:
        """Keep it in a folder where only the user `reader` may read it."""
        give(folder / _NAME, json.dumps({"version": _VERSION, **asdict(self)}).encode(), reader=reader)

    @classmethod
    def read(cls, folder: Path) -> "Settings | None":
        """What is kept there, if anything is.

        Raises:
            WorkshopError: it is damaged, or a newer version's.
        """
        file = folder / _NAME
        try:
            found = json.loads(file.read_bytes())
        except FileNotFoundError:
            return None
        except ValueError:
            found = {}
        if not isinstance(found, dict) or found.pop("version", None) != _VERSION:
            raise WorkshopError(
                f"{file} is not what this version writes",
                remedy="begin a new class: workshop classroom --new",
            )
        return cls(**{**found, "hosts": tuple(found["hosts"])})


def give(file: Path, content: bytes, *, reader: int) -> None:
    """Write a file that only root may change, and only `reader` may read beside."""
    replace_bytes(file, content, mode=0o400)
    os.chown(file, reader, reader)
