"""Writes a bundle: equal content gives equal bytes."""

import gzip
import io
import shutil
import tarfile
from collections.abc import Mapping
from pathlib import Path

from runner.bundle.manifest import NAME, VERSION, Manifest, part_of
from runner.files import require_replaceable

_CHUNK = 1 << 20


def write_bundle(
    target: Path, parts: Mapping[str, Path], *, program: str, suite: str, arch: str, python: str
) -> Manifest:
    """Write files, given by their names in the bundle, into a bundle, and return its manifest.

    Raises:
        OSError: it cannot be written; no part of it is left.
    """
    require_replaceable(target)
    described = tuple(part_of(path, name) for name, path in sorted(parts.items()))
    said = Manifest(VERSION, program, suite, arch, python, described)
    unfinished = target.with_name(f".{target.name}.new")
    try:
        with tarfile.open(unfinished, "w", format=tarfile.GNU_FORMAT) as tar:
            _add(tar, NAME, io.BytesIO(said.text()), len(said.text()))
            for part in described:
                with parts[part.name].open("rb") as file:
                    _add(tar, part.name, file, part.bytes)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return said


def _add(tar: tarfile.TarFile, name: str, content: "io.BufferedIOBase", size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o755 if name.endswith(".sh") else 0o644
    tar.addfile(entry, content)


def compressed(source: Path, target: Path) -> Path:
    """The compressed file, without time and name, so that equal content gives equal bytes."""
    with (
        source.open("rb") as content,
        target.open("wb") as file,
        gzip.GzipFile("", "wb", compresslevel=6, fileobj=file, mtime=0) as zipped,
    ):
        shutil.copyfileobj(content, zipped, _CHUNK)
    return target
