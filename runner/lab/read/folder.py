"""Finding workshops in folders."""

from pathlib import Path

from runner.lab.model.glossary import PAGE
from runner.paths import is_file, is_folder

MANIFEST = "workshop.toml"
NO_LABS = frozenset({"readme.md", PAGE})
"""Markdown files that are not labs, in lower case."""


def find_workshops(path: Path) -> tuple[Path, ...]:
    """The workshop folders that `path` means: the folder itself, the folder of a file, or those directly in it."""
    if not is_folder(path):
        return (path.parent,) if is_file(path) and is_file(path.parent / MANIFEST) else ()
    if is_file(path / MANIFEST):
        return (path,)
    return tuple(sorted(manifest.parent for manifest in path.glob(f"*/{MANIFEST}")))
