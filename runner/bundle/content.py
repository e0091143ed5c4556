"""What a bundle has, in words."""

from collections.abc import Sequence

from runner.bundle.manifest import Manifest
from runner.bundle.staging import megabytes
from runner.language import counted


def content_lines(manifest: Manifest) -> Sequence[str]:
    """What a bundle has, part by part, and which machines it is for."""
    lines = [
        f"A bundle of workshop {manifest.program} for {manifest.suite} on {manifest.arch}, Python {manifest.python}:"
    ]
    for name in ("wheels", "packages", "image", "workshops"):
        if parts := manifest.below(name):
            size = megabytes(sum(part.bytes for part in parts))
            lines.append(f"  {name:<10} {counted(len(parts), 'files')}, {size}")
    return lines
