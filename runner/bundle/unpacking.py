"""Unpacks bundles, and checks them against their manifests."""

from pathlib import Path

from runner.bundle.archive import first_file, unpack
from runner.bundle.manifest import NAME, Manifest, manifest, part_of
from runner.bundle.staging import BUNDLE, RefusedError, Staging
from runner.errors import UsageError
from runner.paths import Kind, look

_LARGEST_MANIFEST = 1 << 24


def is_bundle(source: str) -> bool:
    """True if a path is a bundle: an uncompressed tar archive that begins with its manifest."""
    if look(source).kind is not Kind.FILE:
        return False
    with Path(source).open("rb") as file:
        head = file.read(512)
    return len(head) == 512 and head[257:262] == b"ustar" and head.startswith(NAME.encode() + b"\0")


def unpack_bundle(source: Path, folder: Path) -> Manifest:
    """Unpack a bundle into an empty folder, check it, and return its manifest.

    Raises:
        RefusedError: it has unacceptable content.
        UsageError: it is damaged, or differs from its manifest.
    """
    said = manifest(first_file(source, _LARGEST_MANIFEST), str(source))
    if said.bytes > BUNDLE.bytes:
        raise RefusedError(f"{source}: it says to have more than a bundle can have")
    staging = Staging(folder, BUNDLE)
    unpack(source, staging)
    names = [name for name in staging.names if name != NAME]
    if sorted(names) != sorted(part.name for part in said.parts):
        raise UsageError(f"{source}: its content does not match its manifest", remedy="get it again")
    for part in said.parts:
        if part_of(folder / part.name, part.name) != part:
            raise UsageError(
                f"{source}: damaged: {part.name} has changed since it was packed", remedy="get it again"
            )
    return said
