"""Where workshops are."""

from pathlib import Path

MANIFEST = "workshop.toml"


def find_workshops(path: Path) -> tuple[Path, ...]:
    """The workshop folders that `path` stands for: itself, its own as a file, or those directly in it."""
    if not path.is_dir():
        return (path.parent,) if path.is_file() and (path.parent / MANIFEST).is_file() else ()
    if (path / MANIFEST).is_file():
        return (path,)
    return tuple(sorted(manifest.parent for manifest in path.glob(f"*/{MANIFEST}")))
