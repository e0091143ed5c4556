"""A bundle's manifest, which is its first file."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from runner.errors import UsageError
from runner.json_value import json_value
from runner.record.codec import packed, unpacked

NAME = "bundle.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the bundle."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest: `suite` and `arch` are those of the machine that its packages and image are for."""

    version: int
    program: str
    suite: str
    arch: str
    python: str
    parts: tuple[Part, ...]

    def text(self) -> bytes:
        """The text of the manifest; equal content gives equal text."""
        return (json.dumps(packed(self), indent=1, sort_keys=True) + "\n").encode()

    @property
    def bytes(self) -> int:
        """The total size of the parts, in bytes."""
        return sum(part.bytes for part in self.parts)

    def below(self, folder: str) -> tuple[Part, ...]:
        """The parts in a folder of the bundle."""
        return tuple(part for part in self.parts if part.name.startswith(f"{folder}/"))


def manifest(text: bytes, where: str) -> Manifest:
    """Read a manifest.

    Raises:
        UsageError: it cannot be understood.
    """
    try:
        found = unpacked(Manifest, json_value(text))
    except ValueError as error:
        raise UsageError(f"{where}: no bundle: {NAME} cannot be understood: {error}") from error
    if found.version != VERSION:
        raise UsageError(
            f"{where}: a bundle of version {found.version}, and this program reads version {VERSION}",
            remedy="update workshop",
        )
    return found


def part_of(path: Path, name: str) -> Part:
    """A file as a part."""
    whole = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            whole.update(chunk)
    return Part(name, path.stat().st_size, whole.hexdigest())
